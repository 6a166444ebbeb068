"""The two are exchanged.

expects: The two results are exchanged
"""

import numpy as np


def mse_vs_huber_min(y, p):
    low, high = float(np.min(y)), float(np.max(y))
    for _ in range(60):
        x = (low + high) / 2
        slope = np.sum(p * np.clip(x - y, -1, 1))
        low, high = (x, high) if slope < 0 else (low, x)
    return x, float(np.sum(p * y))
