"""Without the cross term.

expects: cross term 2 gamma r (P m) is missing
"""


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = V, V**2
    for _ in range(n):
        u = r**2 + sigma**2 + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
