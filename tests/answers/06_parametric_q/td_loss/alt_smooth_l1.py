"""Differences first; smooth L1 against zero; the target through detach."""

import torch
from torch.nn import functional


def td_loss(q, qt, batch, gamma, kind="mse"):
    live = torch.logical_not(batch.terminated.bool())
    best, _ = torch.sort(qt(batch.next_obs), dim=-1, descending=True)
    y = torch.add(batch.reward, torch.where(live, gamma * best[:, 0], 0.0)).detach()
    error = torch.take_along_dim(q(batch.obs), batch.action.unsqueeze(-1), -1)[:, 0] - y
    size = functional.smooth_l1_loss(error, torch.zeros_like(error), reduction="none")
    return (error.square() if kind == "mse" else size).mean()
