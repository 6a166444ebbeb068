"""No return is above 1: how far above?"""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "no target network"
    if log["q_spread"][-1] < 0.1:
        return "broadcast"
    if log["q_max"][-1] > 1.3:
        return "no mask"
    if log["q_max"][-1] > 1.06:
        return "no discount"
    return "target never synced"
