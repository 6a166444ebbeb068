"""A loop over t."""


def fix_2(tau, R, gamma):
    total = 0.0
    for t in range(len(tau) // 2):
        s, a = tau[2 * t], tau[2 * t + 1]
        total += gamma**t * R[s][a]
    return total
