"""Looks the best entry up by its index."""

import numpy as np


def bellman_opt(Q, mdp):
    best = Q[np.arange(len(Q)), Q.argmax(axis=1)]
    return mdp.R + mdp.gamma * (mdp.P * best).sum(axis=2)
