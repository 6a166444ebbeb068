"""First what never reached the beginning."""


def diagnose(log):
    if min(log["epsilon"]) > 0.9:
        return "no exploration decay"
    if sum(log["target_gap"]) < 1e-9:
        return "no target network"
    if log["q_start"][-1] < 0.2 and log["q_max"][-1] > 0.5:
        return "target never synced"
    if log["loss"][-1] > 0.05:
        return "broadcast"
    ratio = log["q_start"][-1] / log["q_max"][-1]
    return "no discount" if ratio > 0.55 else "no mask"
