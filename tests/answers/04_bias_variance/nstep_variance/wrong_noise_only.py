"""Adds up the noise and forgets that the way is random.

expects: Only the noise of the rewards
"""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    v = np.zeros(len(r))
    for _ in range(n):
        v = sigma**2 + gamma**2 * P @ v
    return v
