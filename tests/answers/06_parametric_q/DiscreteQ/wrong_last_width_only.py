"""Each width begins a new list of layers: only the last one stays.

expects: Layers are missing
"""

import itertools

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths, layers = [obs_dim, *hidden], []
        for n_in, n_out in itertools.pairwise(widths):
            layers = [nn.Linear(n_in, n_out), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(widths[-1], n_actions))

    def forward(self, obs):
        return self.net(obs)
