"""Starts with the result.

expects: does not follow
"""


def order_peel():
    return [
        ("H", "substitution"),
        ("B", "stationarity"),
        ("J", "Markov"),
        ("E", "tower rule"),
        ("D", "linearity"),
        ("I", "split the sum"),
        ("C", "definition"),
    ]
