"""Ties share the rest."""


def eps_greedy_probs(Q, eps):
    best = Q.max(axis=1, keepdims=True) == Q
    return (1 - eps) * best / best.sum(axis=1, keepdims=True) + eps / Q.shape[1]
