"""Corrects twice for the mean: n - 1 in sigma, and n - 1 below the root.

expects: divided by the square root of n - 1
"""

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    G = rollouts(mdp, pi, n, rng, 2000).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / np.sqrt(n - 1)
