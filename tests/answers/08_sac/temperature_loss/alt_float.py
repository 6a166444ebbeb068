"""The gap as a Python number."""

import math


def temperature_loss(log_alpha, logp, target_entropy):
    gap = float(logp.detach().mean()) + target_entropy
    return -gap * math.e**log_alpha
