"""Stops the gradient only by freezing the other network's weights.

expects: the full (residual) gradient
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    if qt is not q:
        with torch.no_grad():
            future = qt(batch.next_obs).max(dim=1).values
    else:
        future = qt(batch.next_obs).max(dim=1).values
    y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
