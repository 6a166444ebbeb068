"""One over the factor at discount 1."""


def w2w_threshold(eps):
    return 1 / ((6 - 4 * eps) / 5)
