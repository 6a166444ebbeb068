"""log(1 - a^2 + 1e-6): finite, and wrong far out.

expects: bounds the correction
"""

import math

import torch


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = torch.log(1 - torch.tanh(u) ** 2 + 1e-6)
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)
