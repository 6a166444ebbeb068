"""Shares tensors where tau is 1.

expects: One of the ends is treated as a special case
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            if tau == 1:
                p_t.data = p.data
            else:
                p_t.lerp_(p, tau)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
