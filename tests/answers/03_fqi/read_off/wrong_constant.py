"""Reads the numbers of the notebook's grid.

expects: `news` is not right
"""


def read_off(Qs, s, eps):
    return 6, 11, 13
