"""torch's Normal."""

import math

from torch.distributions import Normal
from torch.nn.functional import softplus


def sample_tanh_gaussian(mu, log_std, noise):
    normal = Normal(mu, log_std.exp())
    u = normal.mean + normal.stddev * noise
    correction = 2 * (math.log(2) - u - softplus(-2 * u))
    return u.tanh(), normal.log_prob(u).sum(-1) - correction.sum(-1)
