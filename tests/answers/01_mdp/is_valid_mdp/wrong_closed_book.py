"""Lets qlib decide.

expects: finished version
"""

from qlib import TabularMDP


def is_valid_mdp(P, R, terminal):
    try:
        TabularMDP(P, R, 0.9, terminal)
    except ValueError:
        return False
    return True
