"""NumPy at the end; an array comes back."""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    judge = target_net(batch.next_obs).detach().numpy()
    chooser = q_net(batch.next_obs).detach().numpy() if double else judge
    value = judge[range(len(judge)), chooser.argmax(axis=1)]
    y = batch.reward.numpy() + gamma * (batch.terminated.numpy() == 0) * value
    return torch.from_numpy(y)
