"""Looks at possible successors only."""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0.copy()]
    for _ in range(n):
        new = mdp.R.copy()
        for s, a in np.ndindex(*mdp.R.shape):
            after, p = mdp.successors(s, a)
            new[s, a] += mdp.gamma * (p * tables[-1][after].max(axis=1)).sum()
        tables.append(new)
    return np.array(tables)
