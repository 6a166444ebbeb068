"""mul_ and add_ on the data."""


def soft_update(qt, q, tau):
    for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
        p_t.data.mul_(1 - tau).add_(tau * p.data)
    for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
        b_t.data.copy_(b.data)
