"""The network follows the target network.

expects: the roles of the two are exchanged
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p, p_t in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.lerp_(p, tau)
        for b, b_t in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
