"""With the layers that qlib hands out."""

from torch import nn

from qlib.nets import mlp


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        self.net = mlp([obs_dim, *hidden, n_actions])

    def forward(self, obs):
        return self.net(obs)
