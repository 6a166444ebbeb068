"""One einsum."""

import numpy as np


def bellman_pi(Q, mdp, pi):
    return mdp.R + mdp.gamma * np.einsum("saz,zb,zb->sa", mdp.P, pi, Q)
