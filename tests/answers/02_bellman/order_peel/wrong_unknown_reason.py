"""Gives a reason that is not in the list.

expects: is not in the list
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("J", "memoryless"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
