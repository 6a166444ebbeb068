"""torch's logsumexp."""

import torch


def soft_v(Q, alpha):
    return alpha * torch.logsumexp(torch.as_tensor(Q) / alpha, dim=1)
