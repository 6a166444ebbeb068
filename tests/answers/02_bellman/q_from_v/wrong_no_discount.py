"""Forgets gamma.

expects: no discount
"""


def q_from_v(V, mdp):
    return mdp.R + mdp.P @ V
