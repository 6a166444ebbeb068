"""Loss modules, columns (B, 1) on both sides."""

import torch
from torch import nn


def td_loss(q, qt, batch, gamma, kind="mse"):
    values = q(batch.obs).gather(1, batch.action.view(-1, 1))
    best = torch.max(qt(batch.next_obs), dim=1, keepdim=True).values.detach()
    y = batch.reward.view(-1, 1) + gamma * batch.terminated.logical_not().view(-1, 1) * best
    losses = {"mse": nn.MSELoss(), "huber": nn.HuberLoss(delta=1.0)}
    return losses[kind](values, y)
