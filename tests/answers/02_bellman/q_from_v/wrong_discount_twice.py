"""Applies gamma twice.

expects: applied twice
"""


def q_from_v(V, mdp):
    return mdp.R + mdp.gamma * mdp.P @ (mdp.gamma * V)
