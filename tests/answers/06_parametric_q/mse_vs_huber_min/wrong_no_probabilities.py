"""All values equally likely.

expects: The probabilities are ignored
"""

import numpy as np


def mse_vs_huber_min(y, p):
    low, high = float(np.min(y)), float(np.max(y))
    for _ in range(60):
        x = (low + high) / 2
        slope = np.sum(1 / len(y) * np.clip(x - y, -1, 1))
        low, high = (x, high) if slope < 0 else (low, x)
    return float(np.mean(y)), x
