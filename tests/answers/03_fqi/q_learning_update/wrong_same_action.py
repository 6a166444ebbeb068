"""Bootstraps with the action just taken.

expects: takes the best next action
"""


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    y = r + gamma * (1 - terminated) * Q[s_next, a]
    Q[s, a] += alpha * (y - Q[s, a])
    return Q
