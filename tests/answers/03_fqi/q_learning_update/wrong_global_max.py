"""The maximum of the table.

expects: over the whole table
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q.max()
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
