"""A Python list."""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    table = list(V)
    table[s] += alpha * ((r if terminated else r + gamma * table[s2]) - table[s])
    return table
