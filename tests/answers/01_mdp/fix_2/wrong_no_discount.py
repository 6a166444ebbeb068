"""Leaves the discount out.

expects: There is no discount
"""


def fix_2(tau, R, gamma):
    return R[tau[:-1:2], tau[1::2]].sum()
