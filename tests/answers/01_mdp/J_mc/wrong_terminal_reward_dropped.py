"""Leaves out the reward of the terminating step.

expects: The reward of the terminating step is missing
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    G = np.array(
        [
            sum(mdp.gamma**t * r for t, r in enumerate(ep.r[: len(ep.r) - ep.terminated]))
            for ep in rollouts(mdp, pi, n, rng, T)
        ]
    )
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
