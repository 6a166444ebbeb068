"""New tensors of its own."""


def hard_update(qt, q):
    for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
        p_t.data = p.data.clone()
    for b_t, b in zip(qt.buffers(), q.buffers(), strict=True):
        b_t.data = b.data.clone()
