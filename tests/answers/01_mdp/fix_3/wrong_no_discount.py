"""Leaves the discount out.

expects: There is no discount
"""


def fix_3(r, gamma):
    return r.sum(axis=1).mean()
