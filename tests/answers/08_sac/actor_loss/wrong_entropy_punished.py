"""The entropy is punished.

expects: entropy is punished
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (-alpha * logp - torch.minimum(q1, q2)).mean()
