"""The target carries a gradient.

expects: gradient flows through the whole target
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    return r + gamma * (1 - term) * (torch.minimum(q1n, q2n) - alpha * logp_n)
