"""Returns the first distribution for every t.

expects: The distribution never moves
"""


def state_dist(mdp, pi, t):
    return mdp.rho0
