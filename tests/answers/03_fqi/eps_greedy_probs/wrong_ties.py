"""Each tied action gets the whole rest.

expects: Each of the tied actions gets the whole rest
"""


def eps_greedy_probs(Q, eps):
    best = Q.max(axis=1, keepdims=True) == Q
    return eps / Q.shape[1] + (1 - eps) * best
