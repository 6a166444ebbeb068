"""Values from discounted numbers of visits; total variation in place of half the sum."""

import numpy as np


def values(mdp, pi):
    steps = np.einsum("sa,saz->sz", pi, mdp.P)
    visits = np.linalg.inv(np.eye(mdp.n_states) - mdp.gamma * steps)
    return visits @ (pi * mdp.R).sum(axis=1)


def c6(mdp, other, pi):
    V, W = values(mdp, pi), values(other, pi)
    variation = max(
        np.maximum(mdp.P[s, a] - other.P[s, a], 0.0).sum() for s, a in np.ndindex(*mdp.R.shape)
    )
    horizon = 1 / (1 - mdp.gamma)
    bound = horizon * (np.abs(mdp.R - other.R).max() + mdp.gamma * variation * (W.max() - W.min()))
    return [np.linalg.norm(V - W, np.inf), bound]
