"""New gradient tensors, bound to the parameters."""

import math


def clip_grads(params, max_norm):
    params = [p for p in params if p.grad is not None]
    norm = math.sqrt(math.fsum(float(p.grad.double().square().sum()) for p in params))
    for p in params:
        if norm > max_norm:
            p.grad = p.grad * (max_norm / norm)
    return norm
