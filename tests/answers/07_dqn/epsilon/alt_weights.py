"""A weighted mean of both ends."""


def epsilon(t, start, end, decay_steps):
    left = max(0.0, 1 - t / decay_steps) if decay_steps else 0.0
    return left * start + (1 - left) * end
