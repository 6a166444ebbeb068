"""The line goes on beyond its end.

expects: goes on beyond
"""


def epsilon(t, start, end, decay_steps):
    if decay_steps == 0:
        return end
    return start + (end - start) * t / decay_steps
