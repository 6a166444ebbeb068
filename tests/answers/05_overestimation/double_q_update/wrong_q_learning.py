"""The own table selects and evaluates.

expects: plain Q-learning
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    own = QA if update_A else QB
    sel = ev = own
    future = 0.0 if term else ev[s2, sel[s2].argmax()]
    own[s, a] += alpha * (r + gamma * future - own[s, a])
    return QA, QB
