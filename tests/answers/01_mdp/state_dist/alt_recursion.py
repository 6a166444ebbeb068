"""d_t from d_{t-1}, by a call of itself."""

import numpy as np


def state_dist(mdp, pi, t):
    if t == 0:
        return np.array(mdp.rho0)
    before = state_dist(mdp, pi, t - 1)
    return sum((before * pi[:, a]) @ mdp.P[:, a] for a in range(mdp.n_actions))
