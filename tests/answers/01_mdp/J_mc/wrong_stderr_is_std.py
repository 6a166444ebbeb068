"""Gives the standard deviation of one return.

expects: standard deviation of one return
"""

import math

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1)
