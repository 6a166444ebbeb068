"""Copies the observation, not the next one.

expects: has kept the array itself
"""

import collections

import numpy as np
import torch

from qlib.replay import Batch


class ReplayBuffer:
    def __init__(self, capacity, obs_shape):
        self.rows = collections.deque(maxlen=capacity)

    def __len__(self):
        return len(self.rows)

    def add(self, obs, action, reward, next_obs, terminated, truncated=False):
        self.rows.append((obs.copy(), action, reward, next_obs, terminated))

    def sample(self, batch_size, rng):
        if batch_size > len(self.rows):
            raise ValueError("not enough transitions")
        index = rng.choice(len(self.rows), size=batch_size, replace=True)
        obs, action, reward, next_obs, terminated = zip(*(self.rows[i] for i in index), strict=True)
        return Batch(
            torch.as_tensor(np.array(obs), dtype=torch.float32),
            torch.tensor(action, dtype=torch.int64),
            torch.tensor(reward, dtype=torch.float32),
            torch.as_tensor(np.array(next_obs), dtype=torch.float32),
            torch.tensor(terminated, dtype=torch.float32),
        )
