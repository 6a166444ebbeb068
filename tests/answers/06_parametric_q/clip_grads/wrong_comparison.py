"""Makes short gradients longer and leaves long ones alone.

expects: The comparison is turned round
"""

import math


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    if 0 < norm < max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
