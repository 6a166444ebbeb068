"""The head is a vector and a number: no axis to remove."""

import itertools

import torch
from torch import nn


class ContinuousQ(nn.Module):
    def __init__(self, obs_dim, act_dim, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim + act_dim, *hidden]
        self.hidden = nn.ModuleList(nn.Linear(*pair) for pair in itertools.pairwise(widths))
        self.head = nn.Linear(widths[-1], 1)

    def forward(self, obs, action):
        x = torch.hstack((obs, action))
        for layer in self.hidden:
            x = layer(x).clamp(min=0)
        return torch.einsum("bn,kn->b", x, self.head.weight) + self.head.bias
