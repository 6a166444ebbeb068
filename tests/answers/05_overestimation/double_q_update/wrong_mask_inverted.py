"""Uses term the wrong way round.

expects: `term` is used the wrong way round
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    future = ev[s2, sel[s2].argmax()] if term else 0.0
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
