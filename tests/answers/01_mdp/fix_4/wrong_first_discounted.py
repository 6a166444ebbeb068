"""Discounts both rewards, as the lecture's sum does.

expects: The first reward is discounted too
"""


def fix_4(mdp, pi, s, a):
    return mdp.gamma * (mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ (pi * mdp.R).sum(axis=1))
