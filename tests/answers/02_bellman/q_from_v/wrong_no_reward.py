"""Forgets the reward.

expects: reward is missing
"""


def q_from_v(V, mdp):
    return mdp.gamma * mdp.P @ V
