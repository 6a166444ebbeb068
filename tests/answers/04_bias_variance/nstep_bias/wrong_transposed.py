"""Multiplies with P from the wrong side.

expects: from the wrong side
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * (V - V_pi) @ np.linalg.matrix_power(P, n)
