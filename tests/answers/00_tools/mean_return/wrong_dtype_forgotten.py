"""Calls `mean` of the float32 array as it is: the parts that NumPy adds up lose what is small.

expects: The sum is held in float32
"""


def mean_return(returns):
    return float(returns.mean())
