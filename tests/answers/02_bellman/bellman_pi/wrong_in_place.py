"""Overwrites the table it is given.

expects: changes a table
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    Q[:] = mdp.R + mdp.gamma * mdp.P @ V
    return Q
