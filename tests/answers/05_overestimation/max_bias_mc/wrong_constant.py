"""The bias of two equal actions, whatever is asked.

expects: further from the exact bias than chance
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    return 0.5642 * sigma, 0.8256 * sigma / np.sqrt(n)
