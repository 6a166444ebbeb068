"""All facts about G_1 first, then the equation."""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("J", "Markov"),
        ("B", "stationarity"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("H", "substitution"),
    ]
