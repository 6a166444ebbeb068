"""A list is added to the widths, which a tuple refuses.

expects: can only concatenate list
"""

import itertools

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim] + hidden  # noqa: RUF005
        layers = []
        for n_in, n_out in itertools.pairwise(widths):
            layers += [nn.Linear(n_in, n_out), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(widths[-1], n_actions))

    def forward(self, obs):
        return self.net(obs)
