"""Nested lists."""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    table = Q.tolist()
    y = r + gamma * (not terminated) * max(table[s_next])
    table[s][a] += alpha * (y - table[s][a])
    return table
