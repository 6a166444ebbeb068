"""Accepts everything.

expects: accepted
"""


def is_valid_mdp(P, R, terminal):
    return True
