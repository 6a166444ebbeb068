"""Changes nothing.

expects: entries differ
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    return QA, QB
