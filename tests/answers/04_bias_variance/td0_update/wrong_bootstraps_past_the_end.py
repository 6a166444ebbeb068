"""Ignores `terminated`.

expects: past the end
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * V[s2]
    new[s] += alpha * (target - new[s])
    return new
