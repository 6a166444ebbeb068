"""Torch tensors of float64."""

import numpy as np
import torch


def q_iteration(mdp, n, Q0=None):
    P, R = torch.tensor(mdp.P), torch.tensor(mdp.R)
    tables = [torch.zeros_like(R) if Q0 is None else torch.tensor(np.array(Q0))]
    for _ in range(n):
        tables.append(R + mdp.gamma * P @ tables[-1].max(dim=1).values)
    return torch.stack(tables)
