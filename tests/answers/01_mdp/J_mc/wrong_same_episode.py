"""Starts a generator with the same seed for every episode.

expects: as if all episodes were the same one
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    seed = int(rng.integers(2**31))
    G = np.zeros(n)
    for i in range(n):
        rng = np.random.default_rng(seed)
        G[i] = rollouts(mdp, pi, 1, rng, T).returns(mdp.gamma)[0]
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
