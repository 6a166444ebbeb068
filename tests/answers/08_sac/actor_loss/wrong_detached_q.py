"""Q is detached.

expects: values are detached
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp - torch.minimum(q1, q2).detach()).mean()
