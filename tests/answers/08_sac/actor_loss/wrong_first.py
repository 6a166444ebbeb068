"""Critic 1 only, as in the lecture.

expects: Only the first critic
"""


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - q1).mean()
