"""log alpha is detached.

expects: log alpha gets no gradient
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha.detach().exp() * (logp.detach() + target_entropy)).mean()
