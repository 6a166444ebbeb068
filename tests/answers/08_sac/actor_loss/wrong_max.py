"""The larger critic.

expects: larger of the two critics
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - torch.maximum(q1, q2)).mean()
