"""Storage as tensors, a permutation for the sample."""

import torch

from qlib.replay import Batch


class ReplayBuffer:
    def __init__(self, capacity, obs_shape):
        self.capacity, self.added = capacity, 0
        self.data = Batch(
            torch.zeros(capacity, *obs_shape),
            torch.zeros(capacity, dtype=torch.int64),
            torch.zeros(capacity),
            torch.zeros(capacity, *obs_shape),
            torch.zeros(capacity),
        )

    def __len__(self):
        return min(self.added, self.capacity)

    def add(self, obs, action, reward, next_obs, terminated, truncated=False):
        row = obs, action, reward, next_obs, terminated
        for field, value in zip(self.data, row, strict=True):
            field[self.added % self.capacity] = torch.as_tensor(value)
        self.added += 1

    def sample(self, batch_size, rng):
        if batch_size > len(self):
            raise ValueError("collect more first")
        index = torch.as_tensor(rng.permutation(len(self))[:batch_size])
        return Batch(*(field.index_select(0, index) for field in self.data))
