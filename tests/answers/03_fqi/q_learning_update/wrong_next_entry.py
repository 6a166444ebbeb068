"""Changes the entry of the next state.

expects: The entry of (s', a)
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    Q[s_next, a] += alpha * (y - Q[s_next, a])
    return Q
