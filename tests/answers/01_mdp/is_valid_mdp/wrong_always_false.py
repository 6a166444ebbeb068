"""Rejects everything.

expects: A valid MDP is rejected
"""


def is_valid_mdp(P, R, terminal):
    return False
