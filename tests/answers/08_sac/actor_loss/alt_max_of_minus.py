"""max(-q1, -q2)."""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (torch.maximum(-q1, -q2) + alpha * logp).sum() / len(logp)
