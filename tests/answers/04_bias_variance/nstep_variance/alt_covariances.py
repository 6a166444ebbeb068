"""Sums over pairs of times: the covariance of what is earned at one and at the other."""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    reach = [np.eye(len(r))]
    for _ in range(n):
        reach.append(reach[-1] @ P)
    earned = [gamma**k * (V if k == n else r) for k in range(n + 1)]
    means = [reach[k] @ earned[k] for k in range(n + 1)]
    total = np.zeros(len(r))
    for i in range(n + 1):
        for j in range(i, n + 1):
            joint = reach[i] @ (earned[i] * (reach[j - i] @ earned[j]))
            total += (1 if i == j else 2) * (joint - means[i] * means[j])
        if i < n:
            total += gamma ** (2 * i) * (reach[i] @ sigma**2)
    return total
