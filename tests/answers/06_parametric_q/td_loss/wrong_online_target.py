"""The target comes from the network that learns.

expects: not from the target network
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = q(batch.next_obs).max(dim=1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
