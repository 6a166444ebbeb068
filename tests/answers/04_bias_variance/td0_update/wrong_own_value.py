"""Bootstraps from the state itself.

expects: from the state itself
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s])
    new[s] += alpha * (target - new[s])
    return new
