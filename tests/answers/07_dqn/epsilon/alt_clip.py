"""NumPy clips the way gone."""

import numpy as np


def epsilon(t, start, end, decay_steps):
    gone = np.clip(t / max(decay_steps, 1e-12), 0, 1) if decay_steps else 1.0
    return start + (end - start) * gone
