"""Exchanges mask and discount.

expects: A run with the bug "no mask" is taken for "no discount"
"""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "no target network"
    if log["q_spread"][-1] < 0.1:
        return "broadcast"
    if log["q_max"][-1] > 1.3:
        return "no discount"
    if log["q_start"][-1] > 0.55 * log["q_max"][-1]:
        return "no mask"
    return "target never synced"
