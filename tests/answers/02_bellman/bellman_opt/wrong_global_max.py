"""Takes the maximum of the whole table.

expects: maximum for the whole table
"""

import numpy as np


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ np.full(len(Q), Q.max())
