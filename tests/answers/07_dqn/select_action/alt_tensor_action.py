"""Returns a tensor without axes."""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    draw, action = rng.random(), rng.integers(len(q))
    return torch.tensor(action) if draw < eps else q.argmax()
