"""Loops over states."""


def nstep_variance(P, r, sigma, V, gamma, n):
    S = len(r)
    m, u = V.tolist(), (V**2).tolist()
    for _ in range(n):
        Pm = [sum(P[s, x] * m[x] for x in range(S)) for s in range(S)]
        Pu = [sum(P[s, x] * u[x] for x in range(S)) for s in range(S)]
        u = [
            r[s] ** 2 + sigma[s] ** 2 + 2 * gamma * r[s] * Pm[s] + gamma**2 * Pu[s]
            for s in range(S)
        ]
        m = [r[s] + gamma * Pm[s] for s in range(S)]
    return [u[s] - m[s] ** 2 for s in range(S)]
