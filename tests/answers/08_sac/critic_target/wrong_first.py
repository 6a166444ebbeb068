"""Critic 1 only.

expects: Only the first critic
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = q1n - alpha * logp_n
        return r + gamma * (1 - term) * value
