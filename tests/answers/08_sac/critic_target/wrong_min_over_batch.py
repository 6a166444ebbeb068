"""The minimum over the batch.

expects: minimum runs over the batch
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.min(torch.stack([q1n, q2n])) - alpha * logp_n
        return r + gamma * (1 - term) * value
