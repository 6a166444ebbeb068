"""No target.

expects: target entropy is missing
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha.exp() * (logp.detach())).mean()
