"""Returns the left side twice.

expects: Both sides are the left one
"""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c3(mdp, Q):
    best, after = solve.policy_iteration(mdp).Q, optimal_backup(Q, mdp)
    np.abs(after - Q).max()
    return np.abs(Q - best).max(), np.abs(Q - best).max()
