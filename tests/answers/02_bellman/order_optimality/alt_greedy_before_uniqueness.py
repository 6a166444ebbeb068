"""Makes the policy greedy before uniqueness is shown."""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("E", "greedy"),
        ("B", "contraction"),
        ("F", "average <= max"),
        ("M", "monotonicity"),
        ("A", "definition"),
    ]
