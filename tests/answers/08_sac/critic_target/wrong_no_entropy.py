"""The lecture's target, always.

expects: the lecture's target
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.minimum(q1n, q2n)
        return r + gamma * (1 - term) * value
