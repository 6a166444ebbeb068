"""Repeats the first action.

expects: repeats the first action
"""


def fix_4(mdp, pi, s, a):
    return mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ mdp.R[:, a]
