"""Single precision, and the position from sorting."""

import numpy as np


def greedy(Q):
    return np.argsort(Q.astype(np.float32), axis=1, kind="stable")[:, -1]
