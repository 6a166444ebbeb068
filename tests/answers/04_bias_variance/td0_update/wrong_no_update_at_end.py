"""A terminating step changes nothing.

expects: A terminating step changes nothing
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s2])
    new[s] += 0.0 if terminated else alpha * (target - new[s])
    return new
