"""tau and 1 - tau exchanged.

expects: The rate is the wrong way round
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.copy_((1 - tau) * p + tau * p_t)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
