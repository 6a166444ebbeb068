"""Divides by lambda.

expects: A power of lambda is 0 here
"""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    delta = r + gamma * values[1:] - values[:-1]
    weights = (gamma * lam) ** np.arange(T)
    return values[:T] + np.cumsum((weights * delta)[::-1])[::-1] / weights
