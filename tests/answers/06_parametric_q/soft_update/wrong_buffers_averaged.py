"""The buffers are averaged, too.

expects: The buffers are averaged
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.copy_(tau * p + (1 - tau) * p_t)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(tau * b + (1 - tau) * b_t)
