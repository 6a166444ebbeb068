"""The last of tied actions, by a mask."""

import torch


def dqn_targets(target_net, q_net, batch, gamma, double):
    with torch.no_grad():
        judge = target_net(batch.next_obs)
        chooser = q_net(batch.next_obs) if double else judge
        last = chooser.shape[1] - 1 - chooser.flip(1).argmax(dim=1)
        hot = torch.nn.functional.one_hot(last, chooser.shape[1])
        return batch.reward + gamma * (1 - batch.terminated) * (judge * hot).sum(dim=1)
