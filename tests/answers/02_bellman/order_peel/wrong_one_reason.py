"""The same reason everywhere.

expects: reasons do not fit
"""


def order_peel():
    return [
        ("C", "definition"),
        ("I", "definition"),
        ("D", "definition"),
        ("E", "definition"),
        ("J", "definition"),
        ("B", "definition"),
        ("H", "definition"),
    ]
