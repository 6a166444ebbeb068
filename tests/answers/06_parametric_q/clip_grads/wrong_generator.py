"""Walks through the parameters twice.

expects: a generator is empty after the first loop
"""

import math


def clip_grads(params, max_norm):
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params if p.grad is not None))
    if norm > max_norm:
        for p in params:
            if p.grad is not None:
                p.grad.mul_(max_norm / norm)
    return norm
