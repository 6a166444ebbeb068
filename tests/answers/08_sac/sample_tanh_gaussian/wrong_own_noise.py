"""Draws noise of its own.

expects: the noise is handed in
"""

import math

import torch
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    noise = torch.randn_like(mu)
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = 2 * (math.log(2) - u - softplus(-2 * u))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)
