"""Leaves the blocks in the order in which they are shown.

expects: does not follow
"""


def order_optimality():
    return [
        ("A", "definition"),
        ("B", "contraction"),
        ("C", "contraction"),
        ("D", "geometric series"),
        ("E", "greedy"),
        ("F", "average <= max"),
        ("G", "contraction"),
        ("H", "greedy"),
        ("I", "greedy"),
        ("J", "average <= max"),
        ("K", "sup inequality"),
        ("L", "contraction"),
        ("M", "monotonicity"),
        ("N", "contraction"),
    ]
