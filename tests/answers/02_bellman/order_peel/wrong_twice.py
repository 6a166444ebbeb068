"""Uses a block twice.

expects: twice
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("I", "split the sum"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
