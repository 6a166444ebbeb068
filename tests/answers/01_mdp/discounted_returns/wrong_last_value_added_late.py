"""Discounts the last value once too little.

expects: discounted once too little
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G = np.zeros(len(r))
    for t in range(len(r)):
        rest = r[t:]
        G[t] = gamma ** np.arange(len(rest)) @ rest + gamma ** (len(rest) - 1) * last_value
    return G
