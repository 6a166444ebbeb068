"""The smaller of two means.

expects: mean is taken of each critic first
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return alpha * logp.mean() - torch.minimum(q1.mean(), q2.mean())
