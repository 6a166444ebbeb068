"""Forgets the absolute value: negative residuals pass.

expects: sign of the residual counts
"""

from qlib import solve


def superscript(Q, mdp, pi):
    own = (solve.bellman_pi(Q, mdp, pi) - Q).max() < 1e-7
    best = (solve.bellman_opt(Q, mdp) - Q).max() < 1e-7
    return {(1, 1): "both", (1, 0): "pi", (0, 1): "star", (0, 0): "neither"}[own, best]
