"""Gives the Markov property where the average is bounded.

expects: do not fit: blocks F, J
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
