"""A generator of tables."""

import numpy as np


def sweeps(mdp):
    Q = np.zeros(mdp.R.shape)
    while True:
        yield Q
        Q = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def run_until(mdp, tol):
    tables = sweeps(mdp)
    before = next(tables)
    for k, Q in enumerate(tables, start=1):
        if (2 * mdp.gamma * abs(Q - before) <= tol * (1 - mdp.gamma)).all():
            return Q, np.int64(k)
        before = Q
