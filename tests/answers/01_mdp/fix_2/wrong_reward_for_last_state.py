"""Gives the last state a reward too.

expects: stopped with IndexError
"""


def fix_2(tau, R, gamma):
    T = len(tau) // 2
    return sum(gamma**t * R[tau[2 * t], tau[2 * t + 1]] for t in range(T + 1))
