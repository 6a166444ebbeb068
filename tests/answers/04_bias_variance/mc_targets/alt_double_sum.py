"""The definition: a sum of its own for every step."""


def mc_targets(ep, gamma):
    T = len(ep.r)
    return [sum(gamma ** (k - t) * ep.r[k] for k in range(t, T)) for t in range(T)]
