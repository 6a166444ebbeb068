"""Plain loops."""


def read_off(Qs, s, eps):
    n = len(Qs) - 1
    news = -1
    for k in range(n + 1):
        if max(Qs[k][s]) != 0:
            news = k
            break
    settled = 0
    for k in range(n):
        if any(Qs[k][t].argmax() != Qs[n][t].argmax() for t in range(Qs.shape[1])):
            settled = k + 1
    near = 0
    while abs(Qs[near] - Qs[n]).max() > eps:
        near += 1
    return news, settled, near
