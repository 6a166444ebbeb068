"""Discounts the first reward.

expects: first reward is not discounted
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("G", "linearity"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
