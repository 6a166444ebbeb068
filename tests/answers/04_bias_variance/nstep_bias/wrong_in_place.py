"""Changes V.

expects: changes the arrays
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    V -= np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    for _ in range(n):
        V[:] = gamma * P @ V
    return V
