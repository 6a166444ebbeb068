"""Gives no reasons.

expects: has a reason
"""


def order_optimality():
    return [
        ("K", ""),
        ("J", ""),
        ("L", ""),
        ("D", ""),
        ("C", ""),
        ("B", ""),
        ("F", ""),
        ("M", ""),
        ("E", ""),
        ("A", ""),
    ]
