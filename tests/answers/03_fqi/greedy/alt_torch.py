"""A tensor of int64."""

import torch


def greedy(Q):
    return torch.tensor(Q).argmax(dim=1)
