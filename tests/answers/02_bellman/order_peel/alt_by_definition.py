"""Calls the value one step later a definition."""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("D", "linearity"),
        ("J", "Markov"),
        ("B", "definition"),
        ("E", "tower rule"),
        ("H", "substitution"),
    ]
