"""States at even places without the last, actions at odd places."""

import numpy as np


def fix_2(tau, R, gamma):
    tau = np.asarray(tau)
    r = R[tau[:-1:2], tau[1::2]]
    return gamma ** np.arange(len(r)) @ r
