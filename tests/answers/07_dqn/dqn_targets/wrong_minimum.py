"""The smallest value.

expects: smallest value
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        value = next_q.min(dim=1).values
        return batch.reward + gamma * (1 - batch.terminated) * value
