"""A new tensor of its own for each parameter."""


def soft_update(qt, q, tau):
    for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
        p_t.data = tau * p.data + (1 - tau) * p_t.data
    own = dict(q.named_buffers())
    for name, b_t in qt.named_buffers():
        b_t.data = own[name].clone()
