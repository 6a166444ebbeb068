"""Asks the network only if it is needed."""

import torch


def select_action(q_net, obs, eps, rng):
    if rng.random() < eps:
        return int(rng.integers(q_net(torch.as_tensor(obs)[None]).shape[1]))
    with torch.inference_mode():
        return q_net(torch.as_tensor(obs)[None]).argmax(dim=1).item()
