"""Row by row: eps / A everywhere, then the rest on the best."""

import numpy as np


def eps_greedy_probs(Q, eps):
    S, A = Q.shape
    pi = np.full((S, A), eps / A)
    pi[np.arange(S), Q.argmax(axis=1)] += 1 - eps
    return pi
