"""Without V^pi.

expects: V^pi is missing
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * np.linalg.matrix_power(P, n) @ (V - 0 * V_pi)
