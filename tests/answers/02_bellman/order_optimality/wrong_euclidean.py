"""Contracts in the Euclidean norm.

expects: sup norm
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("N", "contraction"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
