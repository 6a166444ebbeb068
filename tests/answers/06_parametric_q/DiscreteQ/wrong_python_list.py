"""Layers in a plain list: torch does not see them.

expects: invisible to torch
"""

import itertools

import torch
from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden]
        pairs = itertools.pairwise(widths)
        self.layers = [nn.Linear(n_in, n_out) for n_in, n_out in pairs]
        self.head = nn.Linear(widths[-1], n_actions)

    def forward(self, obs):
        for layer in self.layers:
            obs = torch.relu(layer(obs))
        return self.head(obs)
