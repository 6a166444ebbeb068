"""The factor alpha is missing.

expects: alpha is missing
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.minimum(q1n, q2n) - logp_n
        return r + gamma * (1 - term) * value
