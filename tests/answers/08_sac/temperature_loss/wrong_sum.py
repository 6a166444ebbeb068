"""A sum.

expects: sum over the batch
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha.exp() * (logp.detach() + target_entropy)).sum()
