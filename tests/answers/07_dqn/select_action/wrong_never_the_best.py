"""The random action is never the best one.

expects: the best one too
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    best = int(q.argmax())
    if rng.random() >= eps:
        return best
    return int((best + 1 + rng.integers(len(q) - 1)) % len(q))
