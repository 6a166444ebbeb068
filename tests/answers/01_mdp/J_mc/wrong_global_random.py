"""Draws from NumPy's global generator.

expects: the generator that is handed in
"""

import numpy as np


def J_mc(mdp, pi, n, rng):
    G = np.zeros(n)
    for i in range(n):
        s = np.random.choice(mdp.n_states, p=mdp.rho0)  # noqa: NPY002
        weight = 1.0
        while weight > 1e-6 and not mdp.terminal[s]:
            a = np.random.choice(mdp.n_actions, p=pi[s])  # noqa: NPY002
            G[i] += weight * mdp.R[s, a]
            s = np.random.choice(mdp.n_states, p=mdp.P[s, a])  # noqa: NPY002
            weight *= mdp.gamma
    return G.mean(), G.std(ddof=1) / np.sqrt(n)
