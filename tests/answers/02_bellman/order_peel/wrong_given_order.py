"""Leaves the blocks in the order in which they are shown.

expects: is false
"""


def order_peel():
    return [
        ("A", "tower rule"),
        ("B", "stationarity"),
        ("C", "definition"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("F", "definition"),
        ("G", "linearity"),
        ("H", "substitution"),
        ("I", "split the sum"),
        ("J", "Markov"),
    ]
