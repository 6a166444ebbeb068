"""Exchanges tower rule and Markov property.

expects: block E, J does not fit
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("E", "Markov"),
        ("J", "tower rule"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
