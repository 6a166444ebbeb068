"""Every entry is clipped by itself.

expects: Every entry is clipped by itself
"""

import math


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    for g in grads:
        g.clamp_(-max_norm, max_norm)
    return norm
