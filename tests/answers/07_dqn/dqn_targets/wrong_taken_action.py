"""The value of the action taken before.

expects: action taken before
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        value = next_q.gather(1, batch.action[:, None]).squeeze(1)
        return batch.reward + gamma * (1 - batch.terminated) * value
