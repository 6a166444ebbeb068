"""Exchanges tower rule and Markov property.

expects: do not fit: blocks E, J
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
