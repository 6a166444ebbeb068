"""Backs up the index of the best action.

expects: index of the best action
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.argmax(axis=1)
