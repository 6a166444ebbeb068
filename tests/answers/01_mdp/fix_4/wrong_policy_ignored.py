"""Weights all next actions alike.

expects: the policy is ignored
"""


def fix_4(mdp, pi, s, a):
    return mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ mdp.R.mean(axis=1)
