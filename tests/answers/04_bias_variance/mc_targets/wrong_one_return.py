"""Gives the return of the whole episode to every step.

expects: repeated for all
"""

import numpy as np


def mc_targets(ep, gamma):
    return np.full(len(ep.r), gamma ** np.arange(len(ep.r)) @ ep.r)
