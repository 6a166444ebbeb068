"""log pi is detached.

expects: log pi is detached
"""

import torch


def actor_loss(logp, q1, q2, alpha):
    return (alpha * logp.detach() - torch.minimum(q1, q2)).mean()
