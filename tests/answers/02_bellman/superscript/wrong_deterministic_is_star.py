"""Takes tables for policies without chance for optimal.

expects: policy without chance count as optimal
"""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    if (pi.max(axis=1) == 1).all():
        return "star"
    return "pi" if np.abs(solve.bellman_pi(Q, mdp, pi) - Q).max() < 1e-7 else "neither"
