"""Uses the first width only.

expects: A hidden layer is missing
"""

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(obs_dim, hidden[0] if hidden else 8),
            nn.ReLU(),
            nn.Linear(hidden[0] if hidden else 8, n_actions),
        )

    def forward(self, obs):
        return self.net(obs)
