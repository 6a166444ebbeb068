"""A Polyak step with the rate 1, tensor by tensor."""

import torch


@torch.no_grad()
def hard_update(qt, q):
    for old, new in zip(qt.state_dict().values(), q.state_dict().values(), strict=True):
        old.copy_(new)
