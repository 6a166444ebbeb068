"""With torch's least squares (minimum norm)."""

import numpy as np
import torch


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    A, B = torch.tensor(Phi), torch.tensor(Phi2)
    w = torch.tensor(np.asarray(w0, dtype=float))
    out = [w]
    for _ in range(n):
        y = torch.tensor(r) + gamma * torch.where(torch.tensor(term), 0.0, B @ w)
        w = torch.linalg.lstsq(A, y[:, None], driver="gelsd").solution[:, 0]
        out.append(w)
    return torch.stack(out)
