"""Looks at the current observation.

expects: current observation
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        q = target_net(batch.obs)
        best = (q_net(batch.obs) if double else q).argmax(dim=1, keepdim=True)
        value = q.gather(1, best).squeeze(1)
        return batch.reward + gamma * (1 - batch.terminated) * value
