"""With torch."""

import torch


def double_target(r, Qsel, Qeval, terminated, gamma):
    Qs, Qe = torch.as_tensor(Qsel), torch.as_tensor(Qeval)
    value = Qe.gather(1, Qs.argmax(dim=1, keepdim=True)).squeeze(1)
    live = 1 - torch.as_tensor(terminated).double()
    return torch.as_tensor(r) + gamma * live * value
