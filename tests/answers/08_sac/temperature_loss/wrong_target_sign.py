"""The target is subtracted.

expects: target entropy has the wrong sign
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha.exp() * (logp.detach() - target_entropy)).mean()
