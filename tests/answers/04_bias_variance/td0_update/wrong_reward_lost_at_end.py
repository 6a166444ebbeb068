"""The reward of the terminating step is dropped.

expects: reward of the terminating step is dropped
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = 0.0 if terminated else r + gamma * V[s2]
    new[s] += alpha * (target - new[s])
    return new
