"""Indexes whole columns: a table instead of a vector.

expects: combines every transition with every other
"""


def double_target(r, Qsel, Qeval, terminated, gamma):
    return r[:, None] + gamma * (1 - terminated[:, None]) * Qeval[:, Qsel.argmax(axis=1)]
