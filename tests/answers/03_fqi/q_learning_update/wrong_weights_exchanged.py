"""Exchanges the weights.

expects: The weights are exchanged
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    Q[s, a] = alpha * Q[s, a] + (1 - alpha) * y
    return Q
