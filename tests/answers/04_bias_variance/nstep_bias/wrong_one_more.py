"""One step too many.

expects: one step later
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma ** (n + 1) * np.linalg.matrix_power(P, n + 1) @ (V - V_pi)
