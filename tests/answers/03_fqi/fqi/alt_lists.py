"""Lists of targets in a dict, nested lists out."""


def fqi(batch, n_states, n_actions, gamma, n):
    Q = [[0.0] * n_actions for _ in range(n_states)]
    for _ in range(n):
        targets = {}
        for s, a, r, s_next, over in zip(*batch, strict=False):
            y = r if over else r + gamma * max(Q[s_next])
            targets.setdefault((int(s), int(a)), []).append(y)
        new = [[0.0] * n_actions for _ in range(n_states)]
        for (s, a), ys in targets.items():
            new[s][a] = sum(ys) / len(ys)
        Q = new
    return Q
