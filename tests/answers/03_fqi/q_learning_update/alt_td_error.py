"""The TD error first, in place."""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    bootstrap = 0.0 if terminated else max(Q[s_next])
    delta = r + gamma * bootstrap - Q[s, a]
    Q[s, a] += alpha * delta
    return Q
