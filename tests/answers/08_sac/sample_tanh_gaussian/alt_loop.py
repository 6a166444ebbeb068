"""Entry by entry."""

import math

import torch
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    logp, actions = 0.0, []
    for k in range(mu.shape[1]):
        u = mu[:, k] + log_std[:, k].exp() * noise[:, k]
        logp = logp - 0.5 * noise[:, k] ** 2 - log_std[:, k] - 0.5 * math.log(2 * math.pi)
        logp = logp - 2 * (math.log(2) - u - softplus(-2 * u))
        actions.append(torch.tanh(u))
    return torch.stack(actions, dim=1), logp
