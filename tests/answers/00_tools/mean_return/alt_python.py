"""Python's own floats are float64."""


def mean_return(returns):
    return sum(returns.tolist()) / len(returns)
