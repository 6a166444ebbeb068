"""Keeps a running mean and variance (Welford) and stores no returns."""

import math

from qlib.rollouts import rollout


def J_mc(mdp, pi, n, rng):
    T, mean, spread = 1, 0.0, 0.0
    while mdp.gamma**T > 1e-6:
        T += 1
    for i in range(1, n + 1):
        ep = rollout(mdp, pi, rng, T)
        G = sum(mdp.gamma**t * r for t, r in enumerate(ep.r))
        delta = G - mean
        mean += delta / i
        spread += delta * (G - mean)
    return mean, math.sqrt(spread / (n - 1) / n)
