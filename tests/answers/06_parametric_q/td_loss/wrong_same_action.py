"""The value of this step's action at the next observation.

expects: of *this* step
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = qt(batch.next_obs).gather(1, batch.action[:, None]).squeeze(1)
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
