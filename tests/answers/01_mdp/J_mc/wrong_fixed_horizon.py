"""Cuts after 100 steps: enough for gamma = 0.85, too early for 0.99.

expects: cut after 100 steps
"""

import math

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = 100
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / math.sqrt(n)
