"""Without gamma^n.

expects: discount of the bootstrap is missing
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return np.linalg.matrix_power(P, n) @ (V - V_pi)
