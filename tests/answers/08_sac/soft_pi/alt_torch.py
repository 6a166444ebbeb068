"""torch's softmax."""

import torch


def soft_pi(Q, alpha):
    return torch.softmax(torch.as_tensor(Q) / alpha, dim=-1)
