"""The flag as a factor."""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (1 - int(terminated)) * V[s2]
    new[s] += alpha * (target - new[s])
    return new
