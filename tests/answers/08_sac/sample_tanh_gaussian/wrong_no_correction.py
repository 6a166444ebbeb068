"""The density of u, not of a.

expects: correction for tanh is missing
"""

import math

import torch


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    return torch.tanh(u), gaussian.sum(dim=-1)
