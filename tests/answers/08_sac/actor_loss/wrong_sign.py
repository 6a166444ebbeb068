"""What the actor wants large.

expects: sign is turned around
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (torch.minimum(q1, q2) - alpha * logp).mean()
