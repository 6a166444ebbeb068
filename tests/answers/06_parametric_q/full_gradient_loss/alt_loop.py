"""One transition after the other."""


def full_gradient_loss(q, batch, gamma):
    total = 0.0
    for s, a, r, s2, end in zip(*batch, strict=True):
        y = r if end else r + gamma * q(s2[None]).max()
        total = total + (q(s[None])[0, a] - y) ** 2
    return total / len(batch.reward)
