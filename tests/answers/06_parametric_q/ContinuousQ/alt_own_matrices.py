"""Parameters by hand, and the last product with a vector."""

import itertools

import torch
from torch import nn


class ContinuousQ(nn.Module):
    def __init__(self, obs_dim, act_dim, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim + act_dim, *hidden]
        pairs = list(itertools.pairwise(widths))
        self.W = nn.ParameterList(
            nn.Parameter(torch.randn(pair) / pair[0] ** 0.5) for pair in pairs
        )
        self.b = nn.ParameterList(nn.Parameter(torch.zeros(n_out)) for _, n_out in pairs)
        self.w = nn.Parameter(torch.randn(widths[-1], 1))
        self.c = nn.Parameter(torch.zeros(1))

    def forward(self, obs, action):
        x = torch.cat([obs, action], dim=-1)
        for W, b in zip(self.W, self.b, strict=True):
            x = torch.relu(x @ W + b)
        return x @ self.w[:, 0] + self.c
