"""Sample by sample."""


def actor_loss(logp, q1, q2, alpha):
    total = 0.0
    for k in range(len(logp)):
        total = total + alpha * logp[k] - (q1[k] if q1[k] < q2[k] else q2[k])
    return total / len(logp)
