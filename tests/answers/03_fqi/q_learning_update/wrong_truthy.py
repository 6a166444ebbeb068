"""`not terminated` binds too little: no bootstrap at all.

expects: as if every step terminated
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * Q[s_next].max() * (terminated is None)
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
