"""Backwards through the trajectory."""


def fix_2(tau, R, gamma):
    total = 0.0
    for i in range(len(tau) - 3, -1, -2):
        total = R[tau[i], tau[i + 1]] + gamma * total
    return total
