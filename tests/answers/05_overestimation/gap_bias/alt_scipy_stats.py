"""With scipy.stats."""

import numpy as np
from scipy.stats import norm


def gap_bias(d):
    u = d / np.sqrt(2)
    return d * norm.cdf(u) + np.sqrt(2) * norm.pdf(u) - d
