"""Returns V.

expects: wrong shape
"""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    Q, V = np.zeros(mdp.R.shape), np.zeros(mdp.n_states)
    for _ in range(n):
        V = alpha * logsumexp(Q / alpha, axis=1)
        V = np.where(mdp.terminal, 0.0, V)
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return V
