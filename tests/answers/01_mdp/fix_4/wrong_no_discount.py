"""Forgets gamma.

expects: not discounted
"""


def fix_4(mdp, pi, s, a):
    return mdp.R[s, a] + mdp.P[s, a] @ (pi * mdp.R).sum(axis=1)
