"""Returns a huge right side.

expects: certifies nothing
"""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c2(mdp, Q, k):
    best = solve.policy_iteration(mdp).Q
    start = np.abs(Q - best).max()
    for _ in range(k):
        Q = optimal_backup(Q, mdp)
    return np.abs(Q - best).max(), 100.0 + start
