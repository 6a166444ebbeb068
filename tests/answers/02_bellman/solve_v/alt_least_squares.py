"""Least squares, built row by row."""

import numpy as np


def solve_v(mdp, pi):
    rows, right = [], []
    for s in range(mdp.n_states):
        row = -mdp.gamma * sum(pi[s, a] * mdp.P[s, a] for a in range(mdp.n_actions))
        row[s] += 1.0
        rows.append(row)
        right.append(sum(pi[s, a] * mdp.R[s, a] for a in range(mdp.n_actions)))
    return np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
