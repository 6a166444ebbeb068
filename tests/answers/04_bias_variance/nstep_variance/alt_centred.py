"""Second moments around a constant, which changes no variance."""


def nstep_variance(P, r, sigma, V, gamma, n):
    shift = V.mean()
    m, u = V - shift, (V - shift) ** 2
    reward = r + gamma * shift - shift
    for _ in range(n):
        u = reward**2 + sigma**2 + 2 * gamma * reward * (P @ m) + gamma**2 * P @ u
        m = reward + gamma * P @ m
    return u - m * m
