"""The flag the wrong way round.

expects: the wrong way round
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * terminated * Q[s_next].max()
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
