"""The factor alpha is missing.

expects: alpha is missing
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (logp - torch.minimum(q1, q2)).mean()
