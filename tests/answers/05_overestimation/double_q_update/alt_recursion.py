"""Exchanges the tables and calls itself."""

import numpy as np


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    if not update_A:
        new = double_q_update(QB, QA, s, a, r, s2, term, alpha, gamma, True, roles)
        return new[1], new[0]
    sel, ev = (QB, QA) if roles == "seed" else (QA, QB)
    y = r if term else r + gamma * ev[s2, sel[s2].argmax()]
    new = np.array(QA, dtype=float)
    new[s, a] += alpha * (y - QA[s, a])
    return new, QB
