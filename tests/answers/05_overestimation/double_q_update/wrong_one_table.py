"""Returns only the table that learned.

expects: Two things have to be returned
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return own
