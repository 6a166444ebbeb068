"""The action as a one-hot row; smooth L1 is Huber with threshold 1."""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    chosen = functional.one_hot(batch.action, q(batch.obs).shape[1])
    values = (q(batch.obs) * chosen).sum(dim=1)
    with torch.no_grad():
        y = batch.reward + gamma * qt(batch.next_obs).max(1)[0] * (batch.terminated == 0)
    return functional.mse_loss(values, y) if kind == "mse" else functional.smooth_l1_loss(values, y)
