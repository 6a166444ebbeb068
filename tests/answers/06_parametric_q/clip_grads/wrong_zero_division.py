"""Divides by a length of zero.

expects: stopped with ZeroDivisionError
"""

import math


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    factor = min(1.0, max_norm / norm)
    for g in grads:
        g.mul_(factor)
    return norm
