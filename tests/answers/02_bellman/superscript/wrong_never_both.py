"""Asks for pi first and never says both.

expects: before the other equation is asked
"""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    if np.abs(solve.bellman_pi(Q, mdp, pi) - Q).max() < 1e-7:
        return "pi"
    return "star" if np.abs(solve.bellman_opt(Q, mdp) - Q).max() < 1e-7 else "neither"
