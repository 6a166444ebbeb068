"""Keeps a false block after the result.

expects: is false
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
        ("F", "definition"),
    ]
