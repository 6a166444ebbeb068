"""The new values by iteration."""

import numpy as np

from qlib import solve


def c5(mdp, pi):
    old = solve.policy_evaluation(mdp, pi)
    better = np.eye(mdp.n_actions)[old.Q.argmax(axis=1)]
    Q = old.Q
    for _ in range(400):
        Q = solve.bellman_pi(Q, mdp, better)
    return old.V, (better * Q).sum(axis=1)
