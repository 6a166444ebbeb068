"""Detached in the end."""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    value = torch.min(q1n, q2n) - alpha * logp_n
    return (r + gamma * (1.0 - term) * value).detach()
