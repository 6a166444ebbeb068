"""The minimum over a stack."""

import torch


def actor_loss(logp, q1, q2, alpha):
    low, _ = torch.stack([q1, q2]).min(dim=0)
    return alpha * logp.mean() - low.mean()
