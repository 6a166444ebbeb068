"""Returns its size.

expects: it has a sign
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return np.abs(gamma**n * np.linalg.matrix_power(P, n) @ (V - V_pi))
