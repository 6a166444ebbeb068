"""Names the sup inequality for the contraction too."""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("F", "average <= max"),
        ("J", "sup inequality"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
