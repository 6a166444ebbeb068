"""The policy's values by iteration."""

import numpy as np

from qlib import solve


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c4(mdp, table):
    best = solve.policy_iteration(mdp)
    if table.ndim == 1:
        Q = mdp.R + mdp.gamma * mdp.P @ table
        residual, factor = np.abs(Q.max(axis=1) - table).max(), 2 * mdp.gamma
    else:
        Q = table
        residual, factor = np.abs(optimal_backup(Q, mdp) - Q).max(), 2.0
    (P, r), V = solve.policy_chain(mdp, Q.argmax(axis=1)), np.zeros(len(Q))
    for _ in range(500):
        V = r + mdp.gamma * P @ V
    return (best.V - V).max(), factor * residual / (1 - mdp.gamma)
