"""Counts states in 1,000 simulated episodes: an estimate, not the distribution.

expects: It looks counted
"""

import numpy as np

from qlib import rollouts


def state_dist(mdp, pi, t):
    if t == 0:
        return mdp.rho0
    s, _, _ = rollouts.rollouts(mdp, pi, 1000, np.random.default_rng(1), t).padded()
    return np.bincount(s[:, -1], minlength=mdp.n_states) / 1000
