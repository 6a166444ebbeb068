"""Updates both tables in every step.

expects: Both tables are updated
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    QA, QB = QA.copy(), QB.copy()
    first = 0.0 if term else QB[s2, QA[s2].argmax()]
    second = 0.0 if term else QA[s2, QB[s2].argmax()]
    QA[s, a] += alpha * (r + gamma * first - QA[s, a])
    QB[s, a] += alpha * (r + gamma * second - QB[s, a])
    return QA, QB
