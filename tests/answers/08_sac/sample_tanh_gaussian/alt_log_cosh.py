"""log(1 - tanh^2) = -2 log cosh, written with the absolute value."""

import math

import torch


def sample_tanh_gaussian(mu, log_std, noise):
    u = mu + log_std.exp() * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
    squeeze = -2 * (u.abs() + torch.log1p(torch.exp(-2 * u.abs())) - math.log(2))
    return torch.tanh(u), (gaussian - squeeze).sum(dim=-1)
