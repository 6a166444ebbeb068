"""A while loop with its own condition."""

import numpy as np


def run_until(mdp, tol):
    Q, k, change = np.zeros(mdp.R.shape), 0, np.inf
    while k == 0 or change * 2 * mdp.gamma > tol * (1 - mdp.gamma):
        new = mdp.R + mdp.gamma * np.einsum("sap,p->sa", mdp.P, Q.max(axis=1))
        change, Q, k = abs(new - Q).max(), new, k + 1
    return Q, k
