"""NumPy interpolates."""

import numpy as np


def epsilon(t, start, end, decay_steps):
    return float(np.interp(t, [0, decay_steps], [start, end])) if decay_steps else end
