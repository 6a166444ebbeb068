"""Takes the mean over the next actions.

expects: mean over the next actions
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.mean(axis=1)
