"""Bootstraps from the online network, as the box does.

expects: version of 2013
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = q_net(batch.next_obs)
        value = next_q.max(dim=1).values
        return batch.reward + gamma * (1 - batch.terminated) * value
