"""A decay in one step counts as none.

expects: With decay_steps = 1
"""


def epsilon(t, start, end, decay_steps):
    done = min(1.0, t / decay_steps) if decay_steps > 1 else 1.0
    return start + (end - start) * done
