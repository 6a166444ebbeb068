"""The entropy is missing.

expects: entropy is missing
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (-torch.minimum(q1, q2)).mean()
