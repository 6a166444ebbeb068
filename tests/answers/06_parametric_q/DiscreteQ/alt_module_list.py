"""A module list and functional ReLU."""

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden]
        self.inner = nn.ModuleList(map(nn.Linear, widths[:-1], widths[1:]))
        self.head = nn.Linear(widths[-1], n_actions)

    def forward(self, obs):
        for layer in self.inner:
            obs = layer(obs).clamp(min=0)
        return self.head(obs)
