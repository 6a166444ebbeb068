"""The head is registered before the hidden layers."""

import itertools

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden]
        self.head = nn.Linear(widths[-1], n_actions)
        self.body = nn.Sequential()
        for k, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
            self.body.add_module(f"linear{k}", nn.Linear(n_in, n_out))
            self.body.add_module(f"relu{k}", nn.ReLU())

    def forward(self, obs):
        return self.head(self.body(obs))
