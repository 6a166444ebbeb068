"""A class that collects sums; sigma with n inside, T from logarithms and two steps later."""

import math

from qlib import Episode
from qlib.rollouts import rollouts


class Sums:
    def __init__(self):
        self.n, self.total, self.squares = 0, 0.0, 0.0

    def add(self, x):
        self.n, self.total, self.squares = self.n + 1, self.total + x, self.squares + x * x

    def result(self):
        mean = self.total / self.n
        return mean, math.sqrt(max(self.squares / self.n - mean**2, 0.0) / self.n)


def J_mc(mdp, pi, n, rng):
    T = 2 + (math.ceil(math.log(1e-6, mdp.gamma)) if mdp.gamma else 1)
    sums = Sums()
    for episode in rollouts(mdp, pi, n, rng, T):
        assert isinstance(episode, Episode)
        G = 0.0
        for r in reversed(episode.r.tolist()):
            G = r + mdp.gamma * G
        sums.add(G)
    return sums.result()
