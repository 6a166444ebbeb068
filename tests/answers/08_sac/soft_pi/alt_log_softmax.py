"""Through the logarithm."""

import numpy as np
from scipy.special import log_softmax


def soft_pi(Q, alpha):
    return np.exp(log_softmax(Q / alpha, axis=1))
