"""All tensors at once."""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        torch._foreach_lerp_(list(qt.parameters()), list(q.parameters()), tau)
        for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
            b_t.copy_(b)
