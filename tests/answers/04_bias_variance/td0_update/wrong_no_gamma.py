"""The next value is not discounted.

expects: not discounted
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + (0.0 if terminated else V[s2])
    new[s] += alpha * (target - new[s])
    return new
