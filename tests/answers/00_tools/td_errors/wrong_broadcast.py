"""Subtracts (B, 1) from (B,): a (B, B) matrix comes out.

expects: broadcast to (B, B)
"""


def td_errors(q, target):
    return target - q
