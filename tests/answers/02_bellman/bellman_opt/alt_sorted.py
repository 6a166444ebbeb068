"""Sorts every row; returns lists."""

import numpy as np


def bellman_opt(Q, mdp):
    V = np.array([sorted(row)[-1] for row in Q])
    return (mdp.R + mdp.gamma * np.tensordot(mdp.P, V, 1)).tolist()
