"""The bonus stands outside of the mask.

expects: outside of (1 - terminated)
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = (1 - term) * torch.minimum(q1n, q2n)
        return r + gamma * (value - alpha * logp_n)
