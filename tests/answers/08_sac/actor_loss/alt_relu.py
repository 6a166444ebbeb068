"""min(a, b) = a - relu(a - b)."""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - q1 + torch.relu(q1 - q2)).mean()
