"""Only terminated steps keep their future.

expects: The mask is the wrong way round
"""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    with torch.no_grad():
        y = batch.reward + gamma * batch.terminated.float() * qt(batch.next_obs).amax(dim=1)
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return functional.mse_loss(values, y) if kind == "mse" else functional.huber_loss(values, y)
