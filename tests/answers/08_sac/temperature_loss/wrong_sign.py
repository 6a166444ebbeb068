"""alpha moves the wrong way.

expects: alpha would fall
"""


def temperature_loss(log_alpha, logp, target_entropy):
    return (log_alpha.exp() * (logp.detach() + target_entropy)).mean()
