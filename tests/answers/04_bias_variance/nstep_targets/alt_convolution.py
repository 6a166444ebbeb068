"""The rewards by a convolution with powers of gamma."""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    m = np.minimum(n, T - np.arange(T))
    powers = float(gamma) ** np.arange(min(n, T))
    sums = np.convolve(np.asarray(r)[::-1], powers)[:T][::-1]
    values = np.append(V[:T], 0.0 if terminated else V[T])
    return sums + float(gamma) ** m * values[np.arange(T) + m]
