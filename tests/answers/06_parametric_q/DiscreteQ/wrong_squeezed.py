"""The batch axis disappears when there is one row.

expects: The axis of the batch has disappeared
"""

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        layers = []
        for width in hidden:
            layers += [nn.Linear(obs_dim, width), nn.ReLU()]
            obs_dim = width
        layers.append(nn.Linear(obs_dim, n_actions))
        self.net = nn.Sequential(*layers)

    def forward(self, obs):
        return self.net(obs).squeeze()
