"""Divides instead of multiplying.

expects: are divided by the factor
"""


def scaled_rewards(r, factor):
    return r / factor
