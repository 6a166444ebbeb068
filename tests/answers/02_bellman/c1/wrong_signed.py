"""Forgets the absolute value.

expects: distances have no sign
"""


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c1(mdp, Q1, Q2):
    after, before = optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp), Q1 - Q2
    return after.max(), mdp.gamma * before.max()
