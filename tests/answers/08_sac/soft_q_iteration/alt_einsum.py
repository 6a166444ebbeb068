"""einsum, and a mask that multiplies."""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        V = alpha * logsumexp(Q / alpha, axis=1)
        V = V * ~mdp.terminal
        Q = mdp.R + mdp.gamma * np.einsum("sap,p->sa", mdp.P, V)
    return Q
