"""Squared with pow, indexed rows."""

import torch


def full_gradient_loss(q, batch, gamma):
    rows = torch.arange(len(batch.reward))
    delta = batch.reward - q(batch.obs)[rows, batch.action]
    delta = delta + gamma * q(batch.next_obs).amax(1) * (1 - batch.terminated.to(delta.dtype))
    return delta.pow(2).mean()
