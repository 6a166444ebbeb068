"""u is detached before its density is taken.

expects: u is detached inside the density
"""

import math

import torch
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    fixed = u.detach()
    gaussian = -0.5 * ((fixed - mu) / log_std.exp()) ** 2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = 2 * (math.log(2) - fixed - softplus(-2 * fixed))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)
