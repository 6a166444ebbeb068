"""Uses the finished version of notebook 01, as the task allows."""

from qlib.data import discounted_returns


def mc_targets(ep, gamma):
    return discounted_returns(ep.r, gamma)
