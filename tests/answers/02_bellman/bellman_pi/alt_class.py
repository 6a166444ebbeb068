"""An operator object with a transition matrix on pairs (s, a)."""

import numpy as np


class Operator:
    """T^pi as an affine map of the flattened table."""

    def __init__(self, mdp, pi):
        S, A = mdp.R.shape
        self.shift = np.ravel(mdp.R)
        self.matrix = mdp.gamma * np.einsum("saz,zb->sazb", mdp.P, pi).reshape(S * A, S * A)

    def __call__(self, Q):
        return (self.shift + self.matrix @ np.ravel(Q)).reshape(np.shape(Q))


def bellman_pi(Q, mdp, pi):
    return Operator(mdp, pi)(Q)
