"""Makes many frames, then looks for the first that will do."""

import numpy as np


def run_until(mdp, tol):
    n = 50
    while True:
        Qs = [np.zeros(mdp.R.shape)]
        for _ in range(n):
            Qs.append(mdp.R + mdp.gamma * mdp.P @ Qs[-1].max(axis=1))
        change = np.abs(np.diff(Qs, axis=0)).max(axis=(1, 2))
        good = np.flatnonzero(2 * mdp.gamma * change <= tol * (1 - mdp.gamma))
        if len(good):
            return Qs[good[0] + 1], good[0] + 1
        n *= 2
