"""Returns a NumPy integer."""

import torch


def select_action(q_net, obs, eps, rng):
    q = q_net(torch.tensor(obs[None])).detach().numpy()[0]
    return rng.integers(q.size) if rng.random() < eps else q.argmax()
