"""The bound as a long geometric series."""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c3(mdp, Q):
    residual = np.abs(optimal_backup(Q, mdp) - Q).max()
    bound = sum(residual * mdp.gamma**k for k in range(400))
    return np.abs(Q - solve.value_iteration(mdp, tol=1e-10).Q).max(), bound
