"""Drops the past before the first reward is taken out."""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("J", "Markov"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
