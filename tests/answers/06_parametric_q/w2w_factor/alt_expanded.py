"""The formula multiplied out."""


def w2w_factor(gamma, eps):
    return 1.2 * gamma - 0.8 * gamma * eps
