"""Updates the mean before the second moment.

expects: mean of the next round
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n):
        m = r + gamma * (P @ m)
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
    return u - m**2
