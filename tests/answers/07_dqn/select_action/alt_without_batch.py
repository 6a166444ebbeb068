"""Linear layers take a single observation, too."""

import torch


def select_action(q_net, obs, eps, rng):
    q = q_net(torch.as_tensor(obs)).detach()
    return int(rng.integers(len(q))) if rng.random() < eps else int(q.argmax())
