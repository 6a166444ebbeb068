"""Discounts the first reward.

expects: The first reward is discounted
"""


def fix_2(tau, R, gamma):
    T = len(tau) // 2
    return sum(gamma ** (t + 1) * R[tau[2 * t], tau[2 * t + 1]] for t in range(T))
