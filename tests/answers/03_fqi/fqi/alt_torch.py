"""Torch, scatter_add."""

import torch


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = (torch.as_tensor(x) for x in batch)
    pairs = s * n_actions + a
    zeros = torch.zeros(n_states * n_actions, dtype=torch.float64)
    count = zeros.scatter_add(0, pairs, torch.ones_like(r))
    Q = zeros.reshape(n_states, n_actions)
    for _ in range(n):
        y = r + gamma * (~over) * Q[s_next].max(dim=1).values
        Q = (zeros.scatter_add(0, pairs, y) / count.clamp(min=1)).reshape(n_states, n_actions)
    return Q
