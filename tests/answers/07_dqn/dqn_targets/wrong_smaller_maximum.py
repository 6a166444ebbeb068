"""The smaller of both maxima.

expects: smaller of both maxima
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        value = target_net(batch.next_obs).max(dim=1).values
        if double:
            value = torch.minimum(value, q_net(batch.next_obs).max(dim=1).values)
        return batch.reward + gamma * (1 - batch.terminated) * value
