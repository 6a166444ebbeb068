"""One step too few.

expects: one step earlier
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma ** max(n - 1, 0) * np.linalg.matrix_power(P, max(n - 1, 0)) @ (V - V_pi)
