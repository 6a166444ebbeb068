"""ε is the probability to be greedy.

expects: the wrong way round
"""

import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    return int(q.argmax()) if rng.random() < eps else int(rng.integers(len(q)))
