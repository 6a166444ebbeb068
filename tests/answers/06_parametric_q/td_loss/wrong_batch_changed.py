"""Adds to the rewards of the batch in place.

expects: what is added in place to the rewards
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        y = batch.reward
        y += gamma * (1 - batch.terminated.float()) * qt(batch.next_obs).max(dim=1).values
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
