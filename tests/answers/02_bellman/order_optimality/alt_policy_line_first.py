"""Starts with the line about one policy."""


def order_optimality():
    return [
        ("F", "average <= max"),
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
