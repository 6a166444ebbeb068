"""The squared norm of the errors."""

import torch


def full_gradient_loss(q, batch, gamma):
    live = 1.0 - batch.terminated.float()
    y = batch.reward + gamma * live * q(batch.next_obs).topk(1, dim=1).values[:, 0]
    values = torch.take_along_dim(q(batch.obs), batch.action[:, None], 1).view(-1)
    return torch.linalg.vector_norm(values - y) ** 2 / len(y)
