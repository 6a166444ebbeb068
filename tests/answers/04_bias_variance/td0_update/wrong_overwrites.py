"""V becomes the target.

expects: overwritten with the target
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s2])
    new[s] = target
    return new
