"""Looks the reward up in the state where the step arrives.

expects: where the step arrives
"""


def fix_2(tau, R, gamma):
    T = len(tau) // 2
    return sum(gamma**t * R[tau[2 * t + 2], tau[2 * t + 1]] for t in range(T))
