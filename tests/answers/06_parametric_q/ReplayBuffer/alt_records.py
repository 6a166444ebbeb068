"""A structured array."""

import numpy as np
import torch

from qlib.replay import Batch


class ReplayBuffer:
    def __init__(self, capacity, obs_shape):
        kind = np.dtype(
            [
                ("obs", "f4", tuple(obs_shape)),
                ("action", "i8"),
                ("reward", "f4"),
                ("next_obs", "f4", tuple(obs_shape)),
                ("terminated", "?"),
            ]
        )
        self.table, self.count = np.zeros(capacity, kind), 0

    def __len__(self):
        return min(self.count, len(self.table))

    def add(self, obs, action, reward, next_obs, terminated, truncated=False):
        self.table[self.count % len(self.table)] = obs, action, reward, next_obs, terminated
        self.count += 1

    def sample(self, batch_size, rng):
        if batch_size > len(self):
            raise ValueError("too few")
        rows = self.table[rng.choice(len(self), size=batch_size)]
        return Batch(*(torch.from_numpy(rows[name].copy()) for name in Batch._fields))
