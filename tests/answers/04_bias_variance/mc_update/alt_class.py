"""A learner with a memory of its own; the return by subtraction from the front."""

import numpy as np


class Learner:
    def __init__(self, V, alpha):
        self.V, self.alpha = {s: float(v) for s, v in enumerate(V)}, alpha

    def learn(self, s, G):
        self.V[s] -= self.alpha * (self.V[s] - G)

    @property
    def table(self):
        return np.fromiter(self.V.values(), dtype=float)


def mc_update(V, ep, alpha, gamma, first_visit):
    learner, T = Learner(V, alpha), len(ep.r)
    fresh = set(range(len(V)))
    for t in range(T):
        s = int(ep.s[t])
        if not first_visit or s in fresh:
            learner.learn(s, sum(gamma**k * ep.r[t + k] for k in range(T - t)))
        fresh.discard(s)
    return learner.table
