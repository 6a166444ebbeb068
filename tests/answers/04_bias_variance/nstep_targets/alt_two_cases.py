"""Inner windows and the end apart."""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T, out = len(r), []
    for t in range(T):
        if t + n < T:
            G = V[t + n]
            window = r[t : t + n]
        else:
            G = 0.0 if terminated else V[T]
            window = r[t:]
        for reward in window[::-1]:
            G = reward + gamma * G
        out.append(G)
    return np.array(out)
