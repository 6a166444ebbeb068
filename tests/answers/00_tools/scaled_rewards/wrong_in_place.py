"""Changes the array of the caller.

expects: changes the array it was given
"""


def scaled_rewards(r, factor):
    r *= factor
    return r
