"""A copy."""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    Q = Q.copy()
    y = r + gamma * (1 - terminated) * Q[s_next].max()
    Q[s, a] = (1 - alpha) * Q[s, a] + alpha * y
    return Q
