"""Bootstraps beyond the end.

expects: beyond the end
"""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        next_q = target_net(batch.next_obs)
        best = (q_net(batch.next_obs) if double else next_q).argmax(dim=1, keepdim=True)
        value = next_q.gather(1, best).squeeze(1)
        return batch.reward + gamma * value
