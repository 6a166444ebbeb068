"""One log density an entry.

expects: add up
"""

import math

import torch
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = 2 * (math.log(2) - u - softplus(-2 * u))
    return torch.tanh(u), gaussian - squeeze
