"""log alpha in place of alpha.

expects: log alpha stands where alpha belongs
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha * (logp.detach() + target_entropy)).mean()
