"""The larger critic.

expects: larger of the two critics
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.maximum(q1n, q2n) - alpha * logp_n
        return r + gamma * (1 - term) * value
