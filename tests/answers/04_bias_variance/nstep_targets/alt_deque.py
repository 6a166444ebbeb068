"""Slides one window along with a running sum from the end."""


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    last = 0.0 if terminated else float(V[T])
    out = [0.0] * T
    for t in range(T):
        G, k = 0.0, 0
        while k < n and t + k < T:
            G += gamma**k * r[t + k]
            k += 1
        out[t] = G + gamma**k * (last if t + k == T else V[t + k])
    return out
