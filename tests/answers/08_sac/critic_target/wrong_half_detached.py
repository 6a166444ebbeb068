"""Only the critics are detached.

expects: log pi and alpha are not
"""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    low = torch.minimum(q1n, q2n).detach()
    return r + gamma * (1 - term) * (low - alpha * logp_n)
