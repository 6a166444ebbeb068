"""torch.where."""

import torch


def actor_loss(logp, q1, q2, alpha):
    return -torch.mean(torch.where(q1 < q2, q1, q2) - alpha * logp)
