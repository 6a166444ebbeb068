"""Q_50 and Q_60 differ, but it is Q_60 that errs: the tables change their mind once more.

expects: turns out to be the best one in the end
"""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    P = np.array(
        [
            [[0.033, 0.965, 0.002], [0.021, 0.971, 0.008]],
            [[0.983, 0.006, 0.011], [0.008, 0.004, 0.988]],
            [[0.988, 0.010, 0.002], [0.967, 0.011, 0.022]],
        ]
    )
    return TabularMDP(P, np.array([[2.99993, 3.0], [0.0, 1.0], [3.0, 3.0]]), 0.99)
