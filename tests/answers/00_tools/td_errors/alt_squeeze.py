"""Removes axis 1."""


def td_errors(q, target):
    return target - q.squeeze(1)
