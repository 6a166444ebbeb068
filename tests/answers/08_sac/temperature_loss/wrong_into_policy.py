"""log pi is not detached.

expects: flows into the policy
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return -(log_alpha.exp() * (logp + target_entropy)).mean()
