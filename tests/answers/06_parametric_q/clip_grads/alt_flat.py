"""One long vector."""

import torch


def clip_grads(params, max_norm):
    params = [p for p in params if p.grad is not None]
    norm = torch.cat([p.grad.flatten() for p in params]).norm()
    factor = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
    for p in params:
        p.grad *= factor
    return norm.item()
