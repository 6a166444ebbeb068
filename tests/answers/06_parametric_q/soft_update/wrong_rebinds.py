"""The loop variable is bound to a new tensor.

expects: The target network has not moved
"""


def soft_update(qt, q, tau):
    for p_t, p in zip(qt.parameters(), q.parameters(), strict=True):
        p_t = tau * p + (1 - tau) * p_t
