"""A loop with t from 1 and gamma^(t-1)."""


def fix_1(r, gamma):
    total = 0.0
    for t in range(1, len(r) + 1):
        total += gamma ** (t - 1) * r[t - 1]
    return total
