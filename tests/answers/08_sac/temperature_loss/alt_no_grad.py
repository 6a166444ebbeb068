"""The gap without gradients."""

import torch


def temperature_loss(log_alpha, logp, target_entropy):
    with torch.no_grad():
        gap = (logp + target_entropy).mean()
    return -torch.exp(log_alpha) * gap
