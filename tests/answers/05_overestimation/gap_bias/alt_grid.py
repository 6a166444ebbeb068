"""The mean of the excess on a fine grid of normal numbers."""

import numpy as np


def gap_bias(d):
    z = np.linspace(-9, 9, 100_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.trapezoid(np.maximum(0, np.sqrt(2) * z - d) * density, z)
