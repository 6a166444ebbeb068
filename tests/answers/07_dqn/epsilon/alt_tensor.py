"""A tensor at the end."""

import torch


def epsilon(t, start, end, decay_steps):
    gone = min(1.0, t / decay_steps) if decay_steps > 0 else 1.0
    return torch.tensor(start + (end - start) * gone, dtype=torch.float64)
