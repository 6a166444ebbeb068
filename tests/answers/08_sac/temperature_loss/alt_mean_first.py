"""Mean of the product."""

import torch


def temperature_loss(log_alpha, logp, target_entropy):
    return torch.mean(-log_alpha.exp() * logp.detach() - log_alpha.exp() * target_entropy)
