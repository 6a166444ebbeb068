"""One episode after the other with `mdp.step`; a list comes back."""

import numpy as np


def J_mc(mdp, pi, n, rng):
    returns = []
    for _ in range(n):
        s, weight, G = mdp.reset(rng), 1.0, 0.0
        while weight > 1e-8 and not mdp.terminal[s]:
            a = rng.choice(mdp.n_actions, p=pi[s])
            s, r, _ = mdp.step(s, a, rng)
            G += weight * r
            weight *= mdp.gamma
        returns.append(G)
    return [np.mean(returns), np.std(returns) / np.sqrt(n)]
