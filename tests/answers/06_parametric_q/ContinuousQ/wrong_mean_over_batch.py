"""The mean over the batch is returned.

expects: The rows are combined with each other
"""

import itertools

import torch
from torch import nn


class ContinuousQ(nn.Module):
    def __init__(self, obs_dim, act_dim, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim + act_dim, *hidden]
        layers = []
        for n_in, n_out in itertools.pairwise(widths):
            layers += [nn.Linear(n_in, n_out), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(widths[-1], 1))

    def forward(self, obs, action):
        return self.net(torch.cat([obs, action], dim=-1)).mean()
