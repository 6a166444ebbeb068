"""A list that is cut to the newest rows."""

import numpy as np
import torch

from qlib.replay import Batch


class ReplayBuffer:
    def __init__(self, capacity, obs_shape):
        self.capacity, self.shape, self.rows = capacity, tuple(obs_shape), []

    def __len__(self):
        return len(self.rows)

    def add(self, obs, action, reward, next_obs, terminated, truncated=False):
        row = (
            np.array(obs, np.float32),
            int(action),
            float(reward),
            np.array(next_obs, np.float32),
            float(terminated),
        )
        self.rows = [*self.rows, row][-self.capacity :]

    def sample(self, batch_size, rng):
        if batch_size > len(self):
            raise ValueError(f"only {len(self)} transitions are stored")
        rows = [self.rows[int(rng.random() * len(self))] for _ in range(batch_size)]
        kinds = torch.float32, torch.int64, torch.float32, torch.float32, torch.float32
        columns = zip(*rows, strict=True)
        return Batch(
            *(torch.as_tensor(np.stack(c)).to(k) for c, k in zip(columns, kinds, strict=True))
        )
