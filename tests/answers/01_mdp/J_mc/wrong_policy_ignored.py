"""Draws all actions with equal chances.

expects: The actions are drawn alike
"""

import numpy as np


def J_mc(mdp, pi, n, rng):
    G = np.zeros(n)
    for i in range(n):
        s, weight = mdp.reset(rng), 1.0
        while weight > 1e-6 and not mdp.terminal[s]:
            a = rng.integers(mdp.n_actions)
            s_next, r, _ = mdp.step(s, a, rng)
            G[i] += weight * r
            s, weight = s_next, weight * mdp.gamma
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
