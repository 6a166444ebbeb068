"""Divides the standard deviation by n.

expects: by n instead of the square root of n
"""

import math

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / n
