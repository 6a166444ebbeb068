"""Takes the rewards for the values.

expects: instead of with the values
"""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    return gamma**n * np.linalg.matrix_power(P, n) @ (V - r)
