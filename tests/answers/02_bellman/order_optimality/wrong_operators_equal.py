"""Takes the two operators for equal on every table.

expects: not on every table
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
        ("I", "greedy"),
        ("A", "definition"),
    ]
