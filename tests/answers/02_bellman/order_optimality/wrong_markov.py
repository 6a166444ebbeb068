"""Gives the Markov property where the average is bounded.

expects: block F, J does not fit
"""


def order_optimality():
    return [
        ("K", "sup inequality"),
        ("J", "Markov"),
        ("L", "contraction"),
        ("D", "geometric series"),
        ("C", "contraction"),
        ("B", "contraction"),
        ("F", "Markov"),
        ("M", "monotonicity"),
        ("E", "greedy"),
        ("A", "definition"),
    ]
