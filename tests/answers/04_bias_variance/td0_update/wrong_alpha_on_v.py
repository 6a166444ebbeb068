"""V plus alpha times the target.

expects: The target is added to V
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s2])
    new[s] += alpha * target
    return new
