"""Makes a generator of its own with a fixed seed.

expects: starts afresh at every call
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    rng = np.random.default_rng(0)
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
