"""With the layers that qlib hands out."""

import torch
from torch import nn

from qlib.nets import mlp


class ContinuousQ(nn.Module):
    def __init__(self, obs_dim, act_dim, hidden=(64, 64)):
        super().__init__()
        self.net = mlp([obs_dim + act_dim, *hidden, 1])

    def forward(self, obs, action):
        return self.net(torch.cat([obs, action], dim=-1)).view(-1)
