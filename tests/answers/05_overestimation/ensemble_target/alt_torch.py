"""With torch."""

import torch


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Q = torch.as_tensor(Qs)
    if mode == "subset":
        Q = Q[torch.as_tensor(idx)]
    v = Q.mean(dim=0) if mode == "mean" else Q.amin(dim=0)
    v = v.amax(dim=-1) if v.ndim == 2 else v
    return torch.as_tensor(r) + gamma * (1 - torch.as_tensor(term).double()) * v
