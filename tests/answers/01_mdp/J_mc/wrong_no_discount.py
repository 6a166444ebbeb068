"""Averages undiscounted episode returns.

expects: The rewards are not discounted
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    G = rollouts(mdp, pi, n, rng, T).returns(1.0)
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
