"""One einsum."""

import numpy as np


def q_from_v(V, mdp):
    return mdp.R + mdp.gamma * np.einsum("saz,z->sa", mdp.P, V)
