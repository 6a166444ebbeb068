"""Small letters, capital reasons, spaces, lists instead of tuples."""


def order_peel():
    text = """
    c Definition
    i Split the sum
    d linearity
    e Tower rule
    b stationarity
    j markov
    h substitution
    """
    return [line.strip().split(" ", 1) for line in text.strip().splitlines()]
