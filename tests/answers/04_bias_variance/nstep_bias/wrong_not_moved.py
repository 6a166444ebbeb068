"""Takes the error of V where the target begins.

expects: where the target begins
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    return gamma**n * (V - V_pi)
