"""Multiplies the values it is given by gamma.

expects: changes a table
"""


def q_from_v(V, mdp):
    V *= mdp.gamma
    return mdp.R + mdp.P @ V
