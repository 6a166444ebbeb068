"""Linear layers without anything between them.

expects: without ReLU the network is linear
"""

import itertools

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden, n_actions]
        pairs = itertools.pairwise(widths)
        self.net = nn.Sequential(*(nn.Linear(n_in, n_out) for n_in, n_out in pairs))

    def forward(self, obs):
        return self.net(obs)
