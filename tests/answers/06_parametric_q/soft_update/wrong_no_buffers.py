"""The buffers are forgotten.

expects: The buffers are left as they were
"""

import torch


def soft_update(qt, q, tau):
    with torch.no_grad():
        for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
            p_t.copy_(tau * p + (1 - tau) * p_t)
