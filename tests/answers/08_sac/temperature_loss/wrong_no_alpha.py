"""The factor alpha is missing.

expects: alpha is missing
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(logp.detach() + target_entropy).mean()
