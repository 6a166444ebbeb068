"""Backwards, as G_t = r_t + gamma G_{t+1}."""


def fix_1(r, gamma):
    total = 0.0
    for reward in reversed(r):
        total = reward + gamma * total
    return total
