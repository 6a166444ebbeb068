"""The average reward of a step.

expects: the average reward of a step
"""


def fix_3(r, gamma):
    return r.mean()
