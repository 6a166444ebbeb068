"""Always two actions.

expects: one for each output
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    return int(rng.integers(2)) if rng.random() < eps else int(q.argmax())
