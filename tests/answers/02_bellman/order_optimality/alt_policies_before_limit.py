"""The line about one policy between contraction and limit."""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("F", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("E", "greedy"),
        ("M", "monotonicity"),
        ("A", "definition"),
    ]
