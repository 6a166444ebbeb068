"""Bounds the error after the backup.

expects: One gamma too many
"""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c3(mdp, Q):
    best, after = solve.policy_iteration(mdp).Q, optimal_backup(Q, mdp)
    residual = np.abs(after - Q).max()
    return np.abs(Q - best).max(), mdp.gamma * residual / (1 - mdp.gamma)
