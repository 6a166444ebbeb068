"""Two cases."""


def epsilon(t, start, end, decay_steps):
    if t >= decay_steps:
        return end
    return start + (end - start) * t / decay_steps
