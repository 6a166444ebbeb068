"""A list of rules."""


def diagnose(log):
    rules = [
        ("no exploration decay", log["epsilon"][-1] == 1),
        ("no target network", log["target_gap"][-1] == 0),
        ("broadcast", log["q_spread"][-1] < 0.05),
        ("target never synced", log["target_gap"][-1] > 0.1),
        ("no mask", log["q_max"][-1] > 1.35),
        ("no discount", True),
    ]
    return next(name for name, holds in rules if holds)
