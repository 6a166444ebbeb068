"""In NumPy."""

import numpy as np
import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    if isinstance(alpha, torch.Tensor):
        alpha = float(alpha)
    r, term, q1n, q2n, logp_n = (x.detach().numpy() for x in (r, term, q1n, q2n, logp_n))
    return torch.from_numpy(r + gamma * (1 - term) * (np.minimum(q1n, q2n) - alpha * logp_n))
