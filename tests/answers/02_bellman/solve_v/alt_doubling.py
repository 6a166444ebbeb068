"""Sums the series by squaring: 1 + x + ... + x^(2n-1) = (1 + x^n)(1 + ... + x^(n-1))."""

import numpy as np


def solve_v(mdp, pi):
    step = mdp.gamma * np.einsum("sa,saz->sz", pi, mdp.P)
    V = (pi * mdp.R).sum(axis=1)
    for _ in range(20):
        V = V + step @ V
        step = step @ step
    return V
