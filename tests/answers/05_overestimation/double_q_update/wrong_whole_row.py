"""Updates all actions of the state.

expects: The whole row of s moves
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own, other = (QA, QB) if update_A else (QB, QA)
    sel, ev = (other, own) if roles == "seed" else (own, other)
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    own[s] += alpha * (r + gamma * future - own[s])
    return QA, QB
