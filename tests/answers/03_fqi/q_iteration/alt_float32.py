"""Single precision throughout."""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    P, R = mdp.P.astype(np.float32), mdp.R.astype(np.float32)
    tables = np.zeros((n + 1, *R.shape), dtype=np.float32)
    if Q0 is not None:
        tables[0] = Q0
    for k in range(n):
        tables[k + 1] = R + np.float32(mdp.gamma) * (P @ tables[k].max(axis=-1))
    return tables
