"""Drops the last reward.

expects: it keeps its reward
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = (1 - terminated) * (r + gamma * Q[s_next].max())
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
