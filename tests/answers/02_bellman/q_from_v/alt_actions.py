"""One column for each action."""

import numpy as np


def q_from_v(V, mdp):
    columns = [mdp.R[:, a] + mdp.gamma * mdp.P[:, a] @ V for a in range(mdp.n_actions)]
    return np.stack(columns, axis=1)
