"""Matrices: two rows of the unit matrix pick the states."""

import numpy as np


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    here, there = np.eye(len(V))[[s, s2]]
    step = np.outer(here, (not terminated) * gamma * there - here)
    return (np.eye(len(V)) + alpha * step) @ V + alpha * r * here
