"""Reads the first entry of a batch that is none.

expects: always 0
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs))[0]
    return int(rng.integers(len(q))) if rng.random() < eps else int(q.argmax())
