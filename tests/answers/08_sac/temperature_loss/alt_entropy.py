"""Entropy minus its target."""


def temperature_loss(log_alpha, logp, target_entropy):
    entropy = -logp.detach().mean()
    return log_alpha.exp() * (entropy - target_entropy)
