"""A slice of an array shares its memory.

expects: changes the array it was given
"""


def scaled_rewards(r, factor):
    scaled = r[:]
    scaled *= factor
    return scaled
