"""Plain lists."""


def advantage(Q, pi):
    rows = []
    for q, p in zip(Q.tolist(), pi.tolist(), strict=True):
        value = sum(x * y for x, y in zip(q, p, strict=True))
        rows.append([x - value for x in q])
    return rows
