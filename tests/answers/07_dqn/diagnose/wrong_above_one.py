"""Every value above 1 is a missing mask.

expects: A run with the bug "no discount" is taken for "no mask"
"""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "no target network"
    if log["q_spread"][-1] < 0.1:
        return "broadcast"
    if log["q_max"][-1] > 1.05:
        return "no mask"
    if log["q_start"][-1] > 0.55 * log["q_max"][-1]:
        return "no discount"
    return "target never synced"
