"""Parameters by hand, stored as (n_in, n_out)."""

import itertools

import torch
from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden, n_actions]
        pairs = list(itertools.pairwise(widths))
        self.W = nn.ParameterList(
            nn.Parameter(torch.randn(pair) / pair[0] ** 0.5) for pair in pairs
        )
        self.b = nn.ParameterList(nn.Parameter(torch.zeros(n_out)) for _, n_out in pairs)

    def forward(self, obs):
        last = len(self.W) - 1
        for k, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            obs = obs @ W + b
            obs = obs if k == last else torch.relu(obs)
        return obs
