"""An infinite largest length gives inf / inf.

expects: An infinite max_norm changes the gradients
"""

import torch


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm()
    for g in grads:
        g *= max_norm / torch.clamp(norm, min=max_norm)
    return norm.item()
