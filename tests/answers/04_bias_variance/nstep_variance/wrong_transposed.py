"""Multiplies with P from the wrong side.

expects: from the wrong side
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n):
        u = r**2 + sigma**2 + 2 * gamma * r * (P.T @ m) + gamma**2 * (P.T @ u)
        m = r + gamma * (P.T @ m)
    return u - m**2
