"""Adds up over next states by recursion."""

import numpy as np


def q_from_v(V, mdp):
    def mean(s, a, k):
        return 0.0 if k == mdp.n_states else mdp.P[s, a, k] * V[k] + mean(s, a, k + 1)

    pairs = [
        [mdp.R[s, a] + mdp.gamma * mean(s, a, 0) for a in range(mdp.n_actions)]
        for s in range(mdp.n_states)
    ]
    return np.array(pairs)
