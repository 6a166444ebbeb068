"""Values turned into probabilities.

expects: a softmax makes probabilities
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
        self.net = nn.Sequential(*layers, nn.Softmax(dim=-1))

    def forward(self, obs):
        return self.net(obs)
