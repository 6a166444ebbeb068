"""Always the newest rows.

expects: Only the newest transitions are drawn
"""

import numpy as np
import torch

from qlib.replay import Batch


class ReplayBuffer:
    def __init__(self, capacity, obs_shape):
        self.capacity, self.size, self.next = capacity, 0, 0
        self.obs = np.zeros((capacity, *obs_shape), np.float32)
        self.next_obs = np.zeros((capacity, *obs_shape), np.float32)
        self.action = np.zeros(capacity, np.int64)
        self.reward = np.zeros(capacity, np.float32)
        self.terminated = np.zeros(capacity, np.float32)

    def __len__(self):
        return self.size

    def add(self, obs, action, reward, next_obs, terminated, truncated=False):
        i = self.next
        self.obs[i], self.next_obs[i] = obs, next_obs
        self.action[i], self.reward[i], self.terminated[i] = action, reward, terminated
        self.next = (i + 1) % self.capacity
        self.size = min(self.size + 1, self.capacity)

    def sample(self, batch_size, rng):
        if batch_size > self.size:
            raise ValueError(f"{batch_size} asked for, {self.size} stored")
        i = (self.next - 1 - np.arange(batch_size)) % self.capacity
        fields = self.obs, self.action, self.reward, self.next_obs, self.terminated
        return Batch(*(torch.from_numpy(field[i]) for field in fields))
