"""The mean of the critics.

expects: averaged
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = (q1n + q2n) / 2 - alpha * logp_n
        return r + gamma * (1 - term) * value
