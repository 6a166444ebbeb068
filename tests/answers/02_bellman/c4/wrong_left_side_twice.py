"""Returns the left side twice.

expects: Both sides are the left one
"""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c4(mdp, table):
    best = solve.policy_iteration(mdp)
    if table.ndim == 1:
        Q = mdp.R + mdp.gamma * mdp.P @ table
        _residual, _factor = np.abs(Q.max(axis=1) - table).max(), 2 * mdp.gamma
    else:
        Q = table
        _residual, _factor = np.abs(optimal_backup(Q, mdp) - Q).max(), 2.0
    V = solve.policy_evaluation(mdp, Q.argmax(axis=1)).V
    return (best.V - V).max(), (best.V - V).max()
