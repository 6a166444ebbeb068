"""Uses the limit for every policy without uniqueness.

expects: no other fixed point
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
