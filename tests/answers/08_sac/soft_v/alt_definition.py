"""E[Q] + alpha H of the softmax."""

import numpy as np


def soft_v(Q, alpha):
    z = (Q - Q.max(axis=1, keepdims=True)) / alpha
    pi = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_pi = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return (pi * (Q - alpha * log_pi)).sum(axis=1)
