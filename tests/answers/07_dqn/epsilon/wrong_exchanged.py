"""Start and end are exchanged.

expects: exchanged
"""


def epsilon(t, start, end, decay_steps):
    done = min(1.0, t / decay_steps) if decay_steps else 1.0
    return end + (start - end) * done
