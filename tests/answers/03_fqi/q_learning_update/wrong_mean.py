"""Averages over next actions.

expects: not the maximum
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].mean()
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
