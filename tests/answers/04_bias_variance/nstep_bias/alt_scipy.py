"""scipy solves the linear system."""

import numpy as np
from scipy.linalg import solve


def nstep_bias(P, r, V, gamma, n):
    V_pi = solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * (np.linalg.matrix_power(P, n) @ V - np.linalg.matrix_power(P, n) @ V_pi)
