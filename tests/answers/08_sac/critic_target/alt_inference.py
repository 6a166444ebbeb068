"""min as (sum - distance) / 2."""

import torch


def critic_target(r, term, q1n, q2n, logp_n, gamma, alpha):
    with torch.no_grad():
        low = (q1n + q2n - (q1n - q2n).abs()) / 2
        return r + (1 - term) * gamma * low - (1 - term) * gamma * alpha * logp_n
