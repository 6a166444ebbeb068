"""Terminal states keep their entropy.

expects: alpha log A for ever
"""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        V = alpha * logsumexp(Q / alpha, axis=1)
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return Q
