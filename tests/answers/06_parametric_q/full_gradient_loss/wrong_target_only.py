"""The prediction is detached, not the target.

expects: through the target only
"""


def full_gradient_loss(q, batch, gamma):
    future = q(batch.next_obs).max(dim=1).values
    y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None]).squeeze(1).detach()
    return ((values - y) ** 2).mean()
