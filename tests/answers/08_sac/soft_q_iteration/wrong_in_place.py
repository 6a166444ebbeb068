"""Sweeps in place, state by state.

expects: just overwritten
"""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        for s in range(mdp.n_states):
            V = np.where(mdp.terminal, 0.0, alpha * logsumexp(Q / alpha, axis=1))
            Q[s] = mdp.R[s] + mdp.gamma * mdp.P[s] @ V
    return Q
