"""Stops before the result.

expects: stops after line 6
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
    ]
