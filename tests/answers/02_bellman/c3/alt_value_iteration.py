"""Q* by a thousand backups."""

import numpy as np


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c3(mdp, Q):
    best = Q
    for _ in range(400):
        best = optimal_backup(best, mdp)
    return np.abs(Q - best).max(), np.abs(optimal_backup(Q, mdp) - Q).max() / (1 - mdp.gamma)
