"""Begins with the single backup of a policy's values; lists in place of pairs."""


def order_optimality():
    letters = "FKJLDCBEMA"
    reasons = [
        "average <= max",
        "sup inequality",
        "sup inequality",
        "contraction",
        "geometric series",
        "contraction",
        "contraction",
        "greedy",
        "monotonicity",
        "definition",
    ]
    return [[letter, reason] for letter, reason in zip(letters, reasons, strict=True)]
