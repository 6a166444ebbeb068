"""Reads the score alone.

expects: is taken for
"""


def diagnose(log):
    if log["greedy_return"][-1] > 0.5:
        return "no mask"
    return "broadcast"
