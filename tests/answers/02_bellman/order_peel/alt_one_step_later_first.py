"""Says first what the value one step later is."""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "split the sum"),
        ("B", "stationarity"),
        ("D", "linearity"),
        ("E", "tower rule"),
        ("J", "Markov"),
        ("H", "substitution"),
    ]
