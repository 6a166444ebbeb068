"""The bonus is averaged over the batch.

expects: averaged over the batch
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.minimum(q1n, q2n) - alpha * logp_n.mean()
        return r + gamma * (1 - term) * value
