"""Changes the table it was given.

expects: changes the V it was given
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    V[s] += alpha * (r + gamma * (0.0 if terminated else V[s2]) - V[s])
    return V
