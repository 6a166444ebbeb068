"""Falls to 0 first and is cut off at the end value.

expects: cut off at `end`
"""


def epsilon(t, start, end, decay_steps):
    if decay_steps == 0:
        return end
    return max(end, start * (1 - t / decay_steps))
