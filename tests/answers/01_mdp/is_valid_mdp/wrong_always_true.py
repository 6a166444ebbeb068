"""Accepts everything.

expects: Everything is accepted
"""


def is_valid_mdp(P, R, terminal):
    return True
