"""Plain lists."""


def bellman_pi(Q, mdp, pi):
    V = [
        sum(p * q for p, q in zip(row_p, row_q, strict=True))
        for row_p, row_q in zip(pi, Q, strict=True)
    ]
    return [
        [
            r + mdp.gamma * sum(p * v for p, v in zip(row, V, strict=True))
            for r, row in zip(rs, rows, strict=True)
        ]
        for rs, rows in zip(mdp.R, mdp.P, strict=True)
    ]
