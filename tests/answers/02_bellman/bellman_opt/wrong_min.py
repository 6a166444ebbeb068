"""Takes the minimum.

expects: smallest value
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.min(axis=1)
