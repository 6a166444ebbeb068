"""Trips over a parameter without a gradient.

expects: stopped with
"""

import math


def clip_grads(params, max_norm):
    grads = [p.grad for p in params]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
