"""Takes the maximum over states.

expects: runs over states
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=0)
