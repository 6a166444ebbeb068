"""The maximum in s.

expects: taken in s, not in s'
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s].max()
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
