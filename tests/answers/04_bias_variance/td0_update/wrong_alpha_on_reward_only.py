"""alpha stands at the reward only.

expects: alpha scales the reward only
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s2])
    new[s] = alpha * r + target - r
    return new
