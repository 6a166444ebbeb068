"""A fold over the sweeps; next values by a matrix of all pairs."""

import itertools

import numpy as np


def q_iteration(mdp, n, Q0=None):
    S, A = mdp.n_states, mdp.n_actions
    flat = mdp.P.reshape(S * A, S)

    def sweep(Q, _):
        return mdp.R + mdp.gamma * flat.dot(np.amax(Q, axis=1)).reshape(S, A)

    first = np.zeros((S, A)) if Q0 is None else Q0.copy()
    return list(itertools.accumulate(range(n), sweep, initial=first))
