"""Passes probability on from state to state in a dictionary; a list comes back."""

from collections import defaultdict


def state_dist(mdp, pi, t):
    d = {s: p for s, p in enumerate(mdp.rho0.tolist()) if p > 0}
    for _ in range(t):
        after = defaultdict(float)
        for s, p in d.items():
            for a, chance in enumerate(pi[s]):
                states, P = mdp.successors(s, a)
                for s_next, q in zip(states, P, strict=True):
                    after[int(s_next)] += p * chance * q
        d = after
    return [d.get(s, 0.0) for s in range(mdp.n_states)]
