"""A terminated step keeps its future.

expects: the mask is missing
"""


def full_gradient_loss(q, batch, gamma):
    future = q(batch.next_obs).max(dim=1).values
    y = batch.reward + gamma * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return ((values - y) ** 2).mean()
