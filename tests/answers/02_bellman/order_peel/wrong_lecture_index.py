"""Draws the next action in s, as on the lecture's slide.

expects: here it is asked in s
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("A", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
