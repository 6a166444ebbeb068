"""Length by length: the hypotenuse of the gradients so far and the next one."""

import math
from functools import reduce


def clip_grads(params, max_norm):
    kept = tuple(filter(lambda p: p.grad is not None, params))
    lengths = (float(p.grad.detach().double().pow(2).sum().sqrt()) for p in kept)
    norm = reduce(math.hypot, lengths, 0.0)
    share = 1.0 if norm <= max_norm else max_norm / norm
    for p in kept:
        p.grad.copy_(p.grad * share)
    return norm
