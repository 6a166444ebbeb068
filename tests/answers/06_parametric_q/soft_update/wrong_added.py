"""Adds tau times the network without shrinking the target.

expects: keeps its full weight
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.copy_(tau * p + p_t)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
