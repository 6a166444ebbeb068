"""Compares the largest value, not that of the action taken.

expects: not the one of the action taken
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = qt(batch.next_obs).max(dim=1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).max(dim=1).values
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
