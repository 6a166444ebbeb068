"""The greedy policy just before the end."""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("E", "greedy"),
        ("M", "monotonicity"),
        ("A", "definition"),
    ]
