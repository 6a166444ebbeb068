"""The cross term without the factor 2.

expects: counts once
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n):
        u = r**2 + sigma**2 + gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
