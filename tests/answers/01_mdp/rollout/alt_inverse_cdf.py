"""Inverts the distribution functions, with random numbers drawn beforehand."""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    def draw(p, u):
        return min(int(np.searchsorted(np.cumsum(p), u, side="right")), len(p) - 1)

    u = rng.random((max_steps, 2))
    s = np.empty(max_steps + 1, dtype=int)
    a = np.empty(max_steps, dtype=int)
    s[0] = draw(mdp.rho0, rng.random())
    t = 0
    while t < max_steps and not mdp.terminal[s[t]]:
        a[t] = draw(pi[s[t]], u[t, 0])
        s[t + 1] = draw(mdp.P[s[t], a[t]], u[t, 1])
        t += 1
    r = mdp.R[s[:t], a[:t]]
    terminated = bool(mdp.terminal[s[t]])
    return Episode(s[: t + 1], a[:t], r, terminated=terminated, truncated=not terminated)
