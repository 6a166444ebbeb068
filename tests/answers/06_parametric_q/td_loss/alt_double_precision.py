"""Targets through NumPy in float64."""

import numpy as np
import torch


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        best = qt(batch.next_obs).numpy().astype(np.float64).max(axis=1)
    live = 1 - batch.terminated.numpy().astype(np.float64)
    y = torch.from_numpy(batch.reward.numpy() + gamma * live * best)
    values = torch.take_along_dim(q(batch.obs), batch.action[:, None], dim=1)[:, 0].double()
    error = values - y
    huber = torch.where(error.abs() <= 1, error**2 / 2, error.abs() - 0.5)
    return (error**2 if kind == "mse" else huber).mean()
