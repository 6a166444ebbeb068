"""A second name is not a second array.

expects: changes the array it was given
"""


def scaled_rewards(r, factor):
    scaled = r
    scaled *= factor
    return scaled
