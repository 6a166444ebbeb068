"""Plain loops over everything, lists."""


def q_iteration(mdp, n, Q0=None):
    P, R = mdp.P.tolist(), mdp.R.tolist()
    tables = [[[0.0] * mdp.n_actions for _ in R] if Q0 is None else Q0.tolist()]
    for _ in range(n):
        V = [max(row) for row in tables[-1]]
        new = []
        for s, rewards in enumerate(R):
            row = []
            for a, r in enumerate(rewards):
                row.append(r + mdp.gamma * sum(p * v for p, v in zip(P[s][a], V, strict=True)))
            new.append(row)
        tables.append(new)
    return tables
