"""A sum over the batch.

expects: sum over the batch
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - torch.minimum(q1, q2)).sum()
