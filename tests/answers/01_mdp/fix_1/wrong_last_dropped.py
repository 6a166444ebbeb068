"""Sums from t = 1 to T - 1.

expects: The last reward is missing
"""


def fix_1(r, gamma):
    return sum(gamma ** (t - 1) * r[t - 1] for t in range(1, len(r)))
