"""Divides by decay_steps = 0.

expects: ZeroDivisionError
"""


def epsilon(t, start, end, decay_steps):
    return start + (end - start) * min(1.0, t / decay_steps)
