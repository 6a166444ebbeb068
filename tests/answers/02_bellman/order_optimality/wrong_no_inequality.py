"""Leaves out the inequality for maxima.

expects: the inequality for two maxima
"""


def order_optimality():
    return [
        ("F", "average <= max"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
