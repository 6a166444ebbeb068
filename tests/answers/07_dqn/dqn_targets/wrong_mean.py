"""The mean over the actions.

expects: mean over the actions
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        value = next_q.mean(dim=1)
        return batch.reward + gamma * (1 - batch.terminated) * value
