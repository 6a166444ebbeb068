"""An in-place copy with gradient recording, which torch refuses.

expects: stopped with RuntimeError
"""


def soft_update(qt, q, tau):
    for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
        p_t.copy_(tau * p + (1 - tau) * p_t)
