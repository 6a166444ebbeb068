"""Gives the geometric series as reason for all estimates.

expects: do not fit: blocks B, C, J, L
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "geometric series"),
        ("L", "geometric series"),
        ("D", "geometric series"),
        ("C", "geometric series"),
        ("B", "geometric series"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
