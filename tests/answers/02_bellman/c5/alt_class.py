"""A policy object that evaluates and improves itself, by value iteration."""

import numpy as np


class Policy:
    """Probabilities in a world."""

    def __init__(self, mdp, pi):
        self.mdp, self.pi = mdp, np.asarray(pi, dtype=float)

    def q(self):
        Q = np.zeros(self.mdp.R.shape)
        for _ in range(3000):
            Q = self.mdp.R + self.mdp.gamma * self.mdp.P @ (self.pi * Q).sum(axis=1)
        return Q

    def v(self):
        return (self.pi * self.q()).sum(axis=1)

    def better(self):
        Q, pi = self.q(), np.zeros_like(self.pi)
        for s, row in enumerate(Q):
            pi[s, list(row).index(max(row))] = 1.0
        return Policy(self.mdp, pi)


def c5(mdp, pi):
    policy = Policy(mdp, pi)
    return policy.v(), policy.better().v()
