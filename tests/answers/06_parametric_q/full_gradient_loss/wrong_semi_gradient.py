"""The gradient stops at the target.

expects: that is the semi-gradient
"""


def full_gradient_loss(q, batch, gamma):
    future = q(batch.next_obs).max(dim=1).values.detach()
    y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1)
    return ((values - y) ** 2).mean()
