"""Uses NumPy's own generator.

expects: generator that is handed in
"""

import numpy as np
import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    if np.random.random() < eps:  # noqa: NPY002
        return int(np.random.randint(len(q)))  # noqa: NPY002
    return int(q.argmax())
