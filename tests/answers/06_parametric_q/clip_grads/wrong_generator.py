"""Walks through the parameters twice.

expects: Nothing is clipped
"""

import math


def clip_grads(params, max_norm):
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params if p.grad is not None))
    if norm > max_norm:
        for p in params:
            if p.grad is not None:
                p.grad.mul_(max_norm / norm)
    return norm
