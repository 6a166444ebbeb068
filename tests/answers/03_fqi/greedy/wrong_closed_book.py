"""Uses qlib's mask of tied actions.

expects: finished version
"""

import numpy as np

from qlib.plot.moves import tied_best


def greedy(Q):
    return np.array([np.flatnonzero(tied_best(row))[0] for row in Q])
