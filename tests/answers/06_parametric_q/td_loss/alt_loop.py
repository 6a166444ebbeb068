"""One transition after the other."""


def td_loss(q, qt, batch, gamma, kind="mse"):
    total = 0.0
    for s, a, r, s2, end in zip(*batch, strict=True):
        future = 0.0 if end else qt(s2[None])[0].max().item()
        error = q(s[None])[0, a] - (r + gamma * future)
        if kind == "mse" or abs(error.item()) <= 1:
            total = total + error**2 * (1 if kind == "mse" else 0.5)
        else:
            total = total + error.abs() - 0.5
    return total / len(batch.reward)
