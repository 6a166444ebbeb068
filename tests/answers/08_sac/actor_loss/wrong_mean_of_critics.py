"""The mean of the critics.

expects: critics are averaged
"""


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - (q1 + q2) / 2).mean()
