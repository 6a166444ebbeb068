"""Gives no reasons.

expects: has a reason
"""


def order_peel():
    return [
        ("C", ""),
        ("I", ""),
        ("D", ""),
        ("E", ""),
        ("J", ""),
        ("B", ""),
        ("H", ""),
    ]
