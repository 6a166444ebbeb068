"""Discounts the reward too.

expects: reward is discounted too
"""


def q_from_v(V, mdp):
    return mdp.gamma * (mdp.R + mdp.P @ V)
