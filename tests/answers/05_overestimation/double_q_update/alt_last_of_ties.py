"""Breaks ties by the last action."""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    best = sel.shape[1] - 1 - sel[s2, ::-1].argmax()
    future = 0.0 if term else ev[s2, best]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
