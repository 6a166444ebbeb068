"""logp.data, and a product with a column."""

import torch


def temperature_loss(log_alpha, logp, target_entropy):
    weights = torch.full_like(logp.data, 1 / logp.numel())
    return -(weights * (logp.data + target_entropy)).sum() * torch.exp(log_alpha)
