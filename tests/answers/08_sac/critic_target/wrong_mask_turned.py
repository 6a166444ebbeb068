"""The mask is turned around.

expects: wrong way round
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        value = torch.minimum(q1n, q2n) - alpha * logp_n
        return r + gamma * term * value
