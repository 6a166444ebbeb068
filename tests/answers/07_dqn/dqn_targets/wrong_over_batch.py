"""The maximum runs over the batch.

expects: over the batch
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        value = next_q.max(dim=0).values.max() * torch.ones_like(batch.reward)
        return batch.reward + gamma * (1 - batch.terminated) * value
