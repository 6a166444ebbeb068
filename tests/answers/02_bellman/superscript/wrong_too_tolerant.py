"""Accepts a mean error of 0.001.

expects: tolerance is too large
"""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    own = np.abs(solve.bellman_pi(Q, mdp, pi) - Q).mean() < 1e-3
    best = np.abs(solve.bellman_opt(Q, mdp) - Q).mean() < 1e-3
    return {(1, 1): "both", (1, 0): "pi", (0, 1): "star", (0, 0): "neither"}[own, best]
