"""A network of one layer and a smaller network, which is again one of these."""

import torch
from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        width = hidden[0] if hidden else n_actions
        self.first = nn.Linear(obs_dim, width)
        self.rest = DiscreteQ(width, n_actions, hidden[1:]) if hidden else None

    def forward(self, obs):
        x = self.first(obs)
        return x if self.rest is None else self.rest(torch.relu(x))
