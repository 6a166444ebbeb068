"""A matrix with a single 1."""

import numpy as np


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    one = np.zeros(Q.shape)
    one[s, a] = 1
    return Q + alpha * (y - Q[s, a]) * one
