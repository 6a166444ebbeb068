"""Takes the best next action.

expects: optimal backup
"""


def bellman_pi(Q, mdp, pi):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
