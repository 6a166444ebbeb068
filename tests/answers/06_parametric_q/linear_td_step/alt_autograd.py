"""By torch, as gradient descent on half the square."""

import torch


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    x, x2 = torch.tensor(phi), torch.tensor(phi2)
    y = r + (0.0 if term else gamma) * (x2 @ weights)
    error = (y.detach() if mode == "semi" else y) - x @ weights
    (error**2 / 2).backward()
    return (weights - alpha * weights.grad).detach()
