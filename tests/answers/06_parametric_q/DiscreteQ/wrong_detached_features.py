"""The hidden layers are run without gradient: only the head learns.

expects: No gradient reaches
"""

import itertools

import torch
from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden]
        pairs = itertools.pairwise(widths)
        self.layers = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in pairs)
        self.head = nn.Linear(widths[-1], n_actions)

    def forward(self, obs):
        with torch.no_grad():
            for layer in self.layers:
                obs = torch.relu(layer(obs))
        return self.head(obs)
