"""Discounts the reward too.

expects: reward is discounted too
"""


def bellman_opt(Q, mdp):
    return mdp.gamma * (mdp.R + mdp.P @ Q.max(axis=1))
