"""Returns only the windows that fit.

expects: wrong shape
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    return np.array(
        [gamma ** np.arange(n) @ r[t : t + n] + gamma**n * V[t + n] for t in range(T - n + 1)]
    )
