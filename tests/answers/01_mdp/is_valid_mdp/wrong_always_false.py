"""Rejects everything.

expects: None of the valid MDPs
"""


def is_valid_mdp(P, R, terminal):
    return False
