"""Torch."""

import torch


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    Q = torch.as_tensor(Q).clone()
    y = r + gamma * (0.0 if terminated else Q[s_next].max())
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
