"""Returns by the finished version of notebook 01; a dict as the table."""

import numpy as np

from qlib.data import discounted_returns


def mc_update(V, ep, alpha, gamma, first_visit):
    table = dict(enumerate(V))
    done = set()
    for s, G in zip(ep.s.tolist(), discounted_returns(ep.r, gamma), strict=False):
        if s in done and first_visit:
            continue
        done |= {s}
        table[s] = table[s] + alpha * (G - table[s])
    return np.array([table[s] for s in range(len(V))])
