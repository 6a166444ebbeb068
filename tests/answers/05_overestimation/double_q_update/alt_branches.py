"""Four branches."""

import numpy as np


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    A, B = QA.copy(), QB.copy()
    if update_A:
        first, second, new = QA, QB, A
    else:
        first, second, new = QB, QA, B
    if roles == "seed":
        first, second = second, first
    y = r + (0.0 if term else gamma * second[s2][np.argmax(first[s2])])
    new[s][a] = (1 - alpha) * new[s][a] + alpha * y
    return A, B
