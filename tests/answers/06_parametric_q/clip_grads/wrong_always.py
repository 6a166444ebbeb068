"""Short gradients are made longer.

expects: Short gradients are made longer
"""

import math


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    for g in grads:
        g.mul_(max_norm / max(norm, 1e-12))
    return norm
