"""Cut off at the end value: cannot rise.

expects: suits a line that falls
"""


def epsilon(t, start, end, decay_steps):
    if decay_steps == 0:
        return end
    return max(end, start + (end - start) * t / decay_steps)
