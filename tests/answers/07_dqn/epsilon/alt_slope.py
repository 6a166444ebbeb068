"""By its slope."""


def epsilon(t, start, end, decay_steps):
    slope = (end - start) / max(decay_steps, 1)
    return start + slope * t if t < decay_steps else end
