"""Returns from `discounted_returns`, moments from the standard library; T is large for all."""

import statistics

from qlib.data import discounted_returns
from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    G = []
    for episode in rollouts(mdp, pi, n, rng, 2000):
        returns = discounted_returns(episode.r, mdp.gamma)
        G.append(float(returns[0]) if len(returns) else 0.0)
    return statistics.fmean(G), statistics.stdev(G) / n**0.5
