"""Every tensor has its own length.

expects: Every tensor is clipped by its own length
"""

import math


def clip_grads(params, max_norm):
    total = 0.0
    for p in params:
        if p.grad is not None:
            norm = float(p.grad.norm())
            total += norm**2
            if norm > max_norm:
                p.grad.mul_(max_norm / norm)
    return math.sqrt(total)
