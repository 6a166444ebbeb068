"""Plain loops over everything, lists."""


def q_iteration(mdp, n, Q0=None):
    S, A = mdp.n_states, mdp.n_actions
    tables = [[[0.0] * A for _ in range(S)] if Q0 is None else [list(row) for row in Q0]]
    for _ in range(n):
        V = [max(row) for row in tables[-1]]
        tables.append(
            [
                [
                    mdp.R[s, a] + mdp.gamma * sum(mdp.P[s, a, t] * V[t] for t in range(S))
                    for a in range(A)
                ]
                for s in range(S)
            ]
        )
    return tables
