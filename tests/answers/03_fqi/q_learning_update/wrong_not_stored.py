"""Does not store the result.

expects: the new value is not stored in it
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    q = Q[s, a]
    q += alpha * (y - q)
    return Q
