"""Draws from the probabilities of all actions."""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    p = torch.full((len(q),), eps / len(q), dtype=torch.float64)
    p[q.argmax()] += 1 - eps
    return int(rng.choice(len(q), p=p.numpy()))
