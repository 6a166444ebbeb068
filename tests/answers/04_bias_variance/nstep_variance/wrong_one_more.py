"""One round too many.

expects: one step more
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n + 1):
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
