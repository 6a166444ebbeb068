"""Moves one step whatever n.

expects: one step only
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * P @ (V - V_pi)
