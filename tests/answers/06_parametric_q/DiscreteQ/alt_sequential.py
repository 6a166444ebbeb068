"""Derived from nn.Sequential: forward is already there."""

import itertools

from torch import nn


class DiscreteQ(nn.Sequential):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        pairs = itertools.pairwise([obs_dim, *hidden, n_actions])
        layers = [x for a, b in pairs for x in (nn.Linear(a, b), nn.ReLU(inplace=True))]
        super().__init__(*layers[:-1])
