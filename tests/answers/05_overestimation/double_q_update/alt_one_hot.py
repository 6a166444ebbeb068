"""A one-hot table says where to learn."""

import numpy as np


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    mask = np.zeros_like(QA)
    mask[s, a] = alpha
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    new = own + mask * (r + gamma * future - own)
    return (new, QB) if update_A else (QA, new)
