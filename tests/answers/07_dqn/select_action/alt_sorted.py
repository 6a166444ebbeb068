"""The last of the sorted actions."""

import torch


def select_action(q_net, obs, eps, rng):
    q = q_net(torch.from_numpy(obs).unsqueeze(0)).squeeze(0)
    greedy = int(torch.argsort(q)[-1])
    u = rng.random()
    return greedy if u >= eps else min(int(u / eps * len(q)), len(q) - 1)
