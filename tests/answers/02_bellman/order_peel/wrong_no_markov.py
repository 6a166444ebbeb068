"""Identifies Q one step later without the Markov property.

expects: lets the past drop out
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("F", "definition"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
