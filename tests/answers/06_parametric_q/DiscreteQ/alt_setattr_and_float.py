"""Named attributes; the observation is made float first."""

from torch import nn


class DiscreteQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=(64, 64)):
        super().__init__()
        widths = [obs_dim, *hidden, n_actions]
        self.depth = len(widths) - 1
        for k in range(self.depth):
            setattr(self, f"layer{k}", nn.Linear(widths[k], widths[k + 1]))
            nn.init.kaiming_uniform_(getattr(self, f"layer{k}").weight)

    def forward(self, obs):
        x = obs.float()
        for k in range(self.depth):
            x = getattr(self, f"layer{k}")(x)
            if k < self.depth - 1:
                x = nn.functional.relu(x)
        return x
