"""Returns the left side twice.

expects: Both sides are the left one
"""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c2(mdp, Q, k):
    best = solve.policy_iteration(mdp).Q
    np.abs(Q - best).max()
    for _ in range(k):
        Q = optimal_backup(Q, mdp)
    return np.abs(Q - best).max(), np.abs(Q - best).max()
