"""One forward pass for both observations."""

import torch


def full_gradient_loss(q, batch, gamma):
    now, later = q(torch.cat([batch.obs, batch.next_obs])).chunk(2)
    future = torch.where(batch.terminated.bool(), 0.0, later.max(1).values)
    error = now.gather(1, batch.action[:, None])[:, 0] - batch.reward - gamma * future
    return error @ error / len(error)
