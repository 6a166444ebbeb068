"""A transformed distribution; its cache keeps u."""

from torch.distributions import Normal, TransformedDistribution
from torch.distributions.transforms import TanhTransform


def sample_tanh_gaussian(mu, log_std, noise):
    policy = TransformedDistribution(Normal(mu, log_std.exp()), TanhTransform(cache_size=1))
    a = policy.transforms[0](mu + log_std.exp() * noise)
    return a, policy.log_prob(a).sum(dim=1)
