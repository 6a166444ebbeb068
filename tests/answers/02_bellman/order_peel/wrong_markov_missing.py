"""Leaves the Markov step out.

expects: that the past drops out
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
