"""Bootstraps after the end.

expects: A terminated step bootstraps
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * Q[s_next].max()
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
