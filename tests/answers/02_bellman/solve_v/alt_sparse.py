"""A sparse direct solver."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve


def solve_v(mdp, pi):
    P = sparse.csc_matrix((pi[:, :, None] * mdp.P).sum(axis=1))
    system = sparse.identity(mdp.n_states, format="csc") - mdp.gamma * P
    return np.atleast_1d(spsolve(system, np.einsum("sa,sa->s", pi, mdp.R)))
