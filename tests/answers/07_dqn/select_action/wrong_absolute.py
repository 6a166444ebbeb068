"""Takes the largest absolute value.

expects: largest absolute value
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    return int(rng.integers(len(q))) if rng.random() < eps else int(q.abs().argmax())
