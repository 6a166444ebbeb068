"""(B, 1) against (B,).

expects: (B, 1) minus (B,)
"""


def full_gradient_loss(q, batch, gamma):
    future = q(batch.next_obs).max(dim=1).values
    y = batch.reward + gamma * (1 - batch.terminated.float()) * future
    values = q(batch.obs).gather(1, batch.action[:, None])
    return ((values - y) ** 2).mean()
