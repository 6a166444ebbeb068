"""The index instead of the value.

expects: index of the best action
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        best = (q_net(batch.next_obs) if double else next_q).argmax(dim=1, keepdim=True)
        value = best.squeeze(1).float()
        return batch.reward + gamma * (1 - batch.terminated) * value
