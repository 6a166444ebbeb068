"""Tuples built from a table of lines; "definition" for the step one step later."""

REASON = {
    "C": "definition",
    "I": "split the sum",
    "J": "markov",
    "B": "definition",
    "D": "linearity",
    "E": "Tower rule",
    "H": "substitution",
}


def order_peel():
    return tuple(REASON.items())
