"""Subtract the largest, divide by the sum."""

import numpy as np


def soft_pi(Q, alpha):
    z = np.exp((Q - Q.max(axis=1, keepdims=True)) / alpha)
    return z / z.sum(axis=1, keepdims=True)
