"""The coin is read the wrong way round.

expects: wrong table is updated
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QB, QA) if update_A else (QA, QB)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
