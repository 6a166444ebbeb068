"""Has a limit before the steps are bounded.

expects: how fast the steps
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("D", "geometric series"),
        ("L", "contraction"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
