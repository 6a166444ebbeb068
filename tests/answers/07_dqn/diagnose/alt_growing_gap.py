"""A gap that does not close."""


def diagnose(log):
    if log["epsilon"][-1] > 0.5:
        return "no exploration decay"
    if log["target_gap"].max() == 0:
        return "no target network"
    if log["target_gap"][-5:].mean() > 0.08:
        return "target never synced"
    if log["q_spread"][-1] < 0.1:
        return "broadcast"
    return "no mask" if log["q_max"][-5:].mean() > 1.3 else "no discount"
