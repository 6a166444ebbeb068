"""The greedy policy first, the other policies last."""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("E", "greedy"),
        ("F", "average <= max"),
        ("B", "contraction"),
        ("M", "monotonicity"),
        ("A", "definition"),
    ]
