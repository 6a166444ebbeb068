"""Returns the largest value instead of its index, as the box has it.

expects: not whole numbers
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    return int(rng.integers(len(q))) if rng.random() < eps else float(q.max())
