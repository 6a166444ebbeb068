"""Random search with a fixed seed."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_operator():
    rng = np.random.default_rng(3)
    while True:
        mdp = TabularMDP(rng.dirichlet(np.ones(4), (4, 3)), rng.normal(size=(4, 3)), 0.9)
        V, W = rng.normal(size=(2, 4)) * 3
        greedy = (mdp.R + mdp.gamma * mdp.P @ V).argmax(axis=1)
        after = mdp.R + mdp.gamma * mdp.P @ W
        if (after.max(axis=1) - after[np.arange(4), greedy]).max() > 0.5:
            return mdp, V, W
