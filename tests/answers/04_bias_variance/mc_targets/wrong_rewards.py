"""Returns the rewards.

expects: the whole sum that follows
"""


def mc_targets(ep, gamma):
    return ep.r
