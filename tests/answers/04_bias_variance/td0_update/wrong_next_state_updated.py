"""Updates the next state.

expects: The next state is updated
"""


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    new = V.copy()
    target = r + gamma * (0.0 if terminated else V[s2])
    new[s2] += alpha * (target - new[s2])
    return new
