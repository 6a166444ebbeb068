"""Reads the trajectory as the lecture writes it: the last action is not there.

expects: The last action and its reward are left out
"""


def fix_2(tau, R, gamma):
    T = (len(tau) - 1) // 2
    return sum(gamma**t * R[tau[2 * t], tau[2 * t + 1]] for t in range(T - 1))
