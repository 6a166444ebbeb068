"""Exchanges the two bugs of the target network.

expects: is taken for "no target network"
"""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "target never synced"
    if log["q_spread"][-1] < 0.1:
        return "broadcast"
    if log["q_max"][-1] > 1.3:
        return "no mask"
    if log["q_start"][-1] > 0.55 * log["q_max"][-1]:
        return "no discount"
    return "no target network"
