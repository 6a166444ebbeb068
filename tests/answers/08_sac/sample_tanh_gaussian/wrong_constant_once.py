"""-log(2 pi) / 2 once, not for each entry.

expects: constant is counted once
"""

import math

import torch
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std
    squeeze = 2 * (math.log(2) - u - softplus(-2 * u))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1) - 0.5 * math.log(2 * math.pi)
