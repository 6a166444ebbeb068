"""The minimum over a stack."""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    low = torch.stack([q1n, q2n]).min(dim=0).values
    soft = (low - alpha * logp_n).detach()
    return r.detach() + gamma * (1 - term) * soft
