"""Without the noise of the rewards.

expects: noise of the rewards is missing
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n):
        u = r**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
