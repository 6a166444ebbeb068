"""Runs one step ahead: t + 1 instead of t.

expects: one step ahead
"""


def epsilon(t, start, end, decay_steps):
    if decay_steps == 0:
        return end
    return start + (end - start) * min(1.0, (t + 1) / decay_steps)
