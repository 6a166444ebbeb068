"""Changes the whole row.

expects: All actions of s
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    Q[s] += alpha * (y - Q[s])
    return Q
