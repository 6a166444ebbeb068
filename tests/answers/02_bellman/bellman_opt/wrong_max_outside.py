"""Takes the maximum after the average over next states.

expects: outside the average
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * (mdp.P @ Q).max(axis=2)
