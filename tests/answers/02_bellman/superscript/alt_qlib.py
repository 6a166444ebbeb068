"""The library's operators."""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    fits = {
        "pi": np.abs(solve.bellman_pi(Q, mdp, pi) - Q).max() < 1e-7,
        "star": np.abs(solve.bellman_opt(Q, mdp) - Q).max() < 1e-7,
    }
    names = [name for name, fit in fits.items() if fit]
    return {0: "neither", 2: "both"}.get(len(names)) or names[0]
