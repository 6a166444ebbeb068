"""Cuts where gamma^t is still 1 %.

expects: As if the episodes were cut after
"""

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = 1
    while mdp.gamma**T > 0.01:
        T += 1
    G = rollouts(mdp, pi, n, rng, T).returns(mdp.gamma)
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
