"""Loops over trajectories and time."""


def fix_3(r, gamma):
    total = 0.0
    for row in r:
        for t, reward in enumerate(row):
            total += gamma**t * reward
    return total / len(r)
