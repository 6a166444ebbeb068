"""Shares tensors where tau is 1.

expects: Where tau is 1 the target gets the tensors of the network
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
