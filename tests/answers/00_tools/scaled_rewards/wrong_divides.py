"""Divides instead of multiplying.

expects: differ
"""


def scaled_rewards(r, factor):
    return r / factor
