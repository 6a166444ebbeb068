"""Prediction minus target.

expects: The sign is turned
"""


def td_errors(q, target):
    return q[:, 0] - target
