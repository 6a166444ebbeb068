"""Bisection."""


def matching_tau(N):
    low, high = 0.0, 1.0
    for _ in range(100):
        tau = (low + high) / 2
        low, high = (tau, high) if (1 - tau) > tau * (N - 1) / 2 else (low, tau)
    return high
