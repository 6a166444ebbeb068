"""squeeze() without an axis, and per-row losses for one row.

expects: Only a batch of one stops it
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = qt(batch.next_obs).squeeze().max(dim=-1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).squeeze()[torch.arange(len(y)), batch.action]
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
