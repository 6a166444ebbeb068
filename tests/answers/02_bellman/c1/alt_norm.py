"""np.linalg.norm with the sup norm of a vector."""

import numpy as np


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c1(mdp, Q1, Q2):
    after, before = optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp), Q1 - Q2
    return np.linalg.norm(after.ravel(), np.inf), mdp.gamma * np.linalg.norm(before.ravel(), np.inf)
