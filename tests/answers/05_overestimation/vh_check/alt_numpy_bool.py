"""Returns NumPy's own bool."""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt(np.mean(e * e) / (e.size - 1))
    return (np.abs([e.sum(), e.max() - b]) < 1e-5).all()
