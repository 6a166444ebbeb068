"""Changes nothing.

expects: Nothing has changed
"""


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    return QA, QB
