"""One expression."""


def scaled_rewards(r, factor):
    return factor * r
