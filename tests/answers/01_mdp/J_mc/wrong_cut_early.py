"""Cuts every episode after 20 steps.

expects: cut after 20 steps
"""

import math

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = 20
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / math.sqrt(n)
