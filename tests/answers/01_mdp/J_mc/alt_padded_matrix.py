"""Pads the rewards to a rectangle and multiplies with the powers of gamma."""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = 1 if mdp.gamma == 0 else int(25 / (1 - mdp.gamma)) + 1
    _, _, r = rollouts(mdp, pi, n, rng, T).padded()
    G = r @ mdp.gamma ** np.arange(r.shape[1])
    return np.array([G.mean(), math.sqrt(G.var(ddof=1) / n)])
