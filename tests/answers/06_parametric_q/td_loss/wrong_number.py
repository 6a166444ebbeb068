"""Returns a number instead of a tensor.

expects: turned into a plain number
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        future = qt(batch.next_obs).max(dim=1).values
        y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return float(
        ((values - y) ** 2).mean().detach()
        if kind == "mse"
        else functional.huber_loss(values, y).detach()
    )
