"""Recursion over a generator of steps; plain lists and NumPy scalars in the Episode."""

import itertools

import numpy as np

from qlib import Episode


def steps(mdp, pi, s, rng):
    while not mdp.terminal[s]:
        a = np.searchsorted(np.cumsum(pi[s][:-1]), rng.random(), side="right")
        s_next = np.searchsorted(np.cumsum(mdp.P[s, a][:-1]), rng.random(), side="right")
        yield s, a, mdp.R[s, a], s_next
        s = s_next


def rollout(mdp, pi, rng, max_steps):
    start = rng.choice(mdp.n_states, p=mdp.rho0)
    taken = list(itertools.islice(steps(mdp, pi, start, rng), max_steps))
    s = [start, *(s_next for *_, s_next in taken)]
    over = mdp.terminal[s[-1]]
    return Episode(
        s, [a for _, a, *_ in taken], [r for *_, r, _ in taken], over, np.bool_(not over)
    )
