"""Pairs states with actions; the last state has no partner."""


def fix_2(tau, R, gamma):
    pairs = zip(tau[::2], tau[1::2], strict=False)
    return float(sum(gamma**t * R[s, a] for t, (s, a) in enumerate(pairs)))
