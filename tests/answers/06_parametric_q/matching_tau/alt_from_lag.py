"""One over lag plus one."""


def matching_tau(N):
    return 1 / ((N - 1) / 2 + 1)
