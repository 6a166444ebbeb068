"""One sweep, then the same question."""


def iterations_needed(r_max, gamma, eps):
    k, step = 0, 1
    while gamma ** (k + step) * r_max / (1 - gamma) > eps:
        step *= 2
    while step >= 1:
        if gamma ** (k + step - 1) * r_max / (1 - gamma) > eps:
            k += step
        step //= 2
    return k
