"""Makes its generator anew at every call.

expects: made inside the function
"""

import numpy as np
import torch


def select_action(q_net, obs, eps, rng):
    with torch.no_grad():
        q = q_net(torch.as_tensor(obs)[None])[0]
    rng = np.random.default_rng(0)
    return int(rng.integers(len(q))) if rng.random() < eps else int(q.argmax())
