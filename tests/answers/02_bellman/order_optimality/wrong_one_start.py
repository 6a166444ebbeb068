"""Argues from one start state, as in the lecture.

expects: never reaches
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("H", "greedy"),
    ]
