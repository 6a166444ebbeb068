"""Uses the split of the sum before it is made.

expects: the return from step 1 on
"""


def order_peel():
    return [
        ("C", "definition"),
        ("D", "linearity"),
        ("I", "split the sum"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("H", "substitution"),
    ]
