"""Doubles the horizon: V over 2n steps is V over n steps, and gamma^n times V from there on."""

import numpy as np


def J_exact(mdp, pi):
    V = (pi * mdp.R).sum(axis=1)
    step = mdp.gamma * np.einsum("sa,sap->sp", pi, mdp.P)
    for _ in range(14):  # 2^14 steps
        V, step = V + step @ V, step @ step
    return np.float64(mdp.rho0 @ V)
