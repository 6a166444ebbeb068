"""Both batches in one pass, errors one by one in double precision."""

import torch


def full_gradient_loss(q, batch, gamma):
    both = q(torch.cat([batch.obs, batch.next_obs]))
    now, later = both.chunk(2)
    live = 1.0 - batch.terminated.double()
    errors = [
        r + gamma * on * row.max() - values[a]
        for values, row, a, r, on in zip(
            now.double(), later.double(), batch.action, batch.reward, live, strict=True
        )
    ]
    return torch.stack(errors).square().sum() / len(errors)
