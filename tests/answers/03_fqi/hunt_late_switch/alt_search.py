"""Tries lump sums until the tables change their mind in time."""

import numpy as np

from qlib import TabularMDP


def greedy_after(mdp, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        Q = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
    return Q.argmax(axis=1)


def hunt_late_switch():
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    low, high = 0.0, 10.0
    while True:
        lump = (low + high) / 2
        R = np.array([[lump, 0.0], [1.0, 1.0], [0.0, 0.0]])
        mdp = TabularMDP(P, R, 0.9, terminal=np.array([False, False, True]))
        if greedy_after(mdp, 52)[0] == 1:
            low = lump  # too small: the loop wins too early
        elif greedy_after(mdp, 58)[0] == 0:
            high = lump
        else:
            return mdp
