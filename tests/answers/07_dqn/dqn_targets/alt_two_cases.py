"""Two cases."""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.inference_mode(False), torch.no_grad():
        if double:
            best = q_net(batch.next_obs).max(dim=1, keepdim=True).indices
            value = torch.take_along_dim(target_net(batch.next_obs), best, 1)[:, 0]
        else:
            value = target_net(batch.next_obs).amax(dim=1)
        return batch.reward + gamma * value.masked_fill(batch.terminated.bool(), 0.0)
