"""Returns values of states.

expects: values of states
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return (pi * (mdp.R + mdp.gamma * mdp.P @ V)).sum(axis=1)
