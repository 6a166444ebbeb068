"""gamma without the power.

expects: power 1
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma * np.linalg.matrix_power(P, n) @ (V - V_pi)
