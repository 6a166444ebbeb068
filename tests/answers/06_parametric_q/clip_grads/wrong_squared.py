"""No square root.

expects: The squared length is used
"""


def clip_grads(params, max_norm):
    grads = [p.grad for p in params if p.grad is not None]
    norm = sum(float((g**2).sum()) for g in grads)
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
