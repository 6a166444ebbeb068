"""Decays exponentially.

expects: exponential
"""


def epsilon(t, start, end, decay_steps):
    if decay_steps == 0:
        return end
    return start * (end / start) ** min(1.0, t / decay_steps)
