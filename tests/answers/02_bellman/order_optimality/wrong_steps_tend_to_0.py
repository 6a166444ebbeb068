"""Takes steps that tend to 0 for convergence.

expects: not enough
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("G", "contraction"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
