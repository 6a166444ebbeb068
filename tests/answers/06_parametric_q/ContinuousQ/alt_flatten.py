"""flatten turns (B, 1) into (B,)."""

import torch
from torch import nn


class ContinuousQ(nn.Module):
    def __init__(self, obs_dim, act_dim, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim + act_dim, *hidden]
        self.inner = nn.ModuleList(map(nn.Linear, widths[:-1], widths[1:]))
        self.head = nn.Linear(widths[-1], 1)

    def forward(self, obs, action):
        x = torch.cat((obs, action), -1)
        for layer in self.inner:
            x = torch.relu(layer(x))
        return self.head(x).flatten()
