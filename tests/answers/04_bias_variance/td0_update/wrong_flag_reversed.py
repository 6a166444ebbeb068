"""Reads the flag the wrong way round.

expects: the flag is read the wrong way round
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (V[s2] if terminated else 0.0)
    new[s] += alpha * (target - new[s])
    return new
