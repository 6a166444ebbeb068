"""Returns the new entry.

expects: One number came back
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    return Q[s, a] + alpha * (y - Q[s, a])
