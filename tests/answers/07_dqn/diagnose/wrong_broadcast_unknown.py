"""Does not know broadcasting.

expects: A run with the bug "broadcast"
"""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "no target network"
    if log["q_max"][-1] > 1.3:
        return "no mask"
    if log["q_start"][-1] > 0.55 * log["q_max"][-1]:
        return "no discount"
    return "target never synced"
