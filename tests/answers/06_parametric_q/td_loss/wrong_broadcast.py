"""Predictions (B, 1) against targets (B,).

expects: (B, 1) minus (B,)
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = qt(batch.next_obs).max(dim=1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None])
    return (functional.mse_loss if kind == "mse" else functional.huber_loss)(
        *torch.broadcast_tensors(values, y)
    )
