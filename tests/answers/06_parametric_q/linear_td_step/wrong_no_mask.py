"""Terminated is ignored.

expects: A terminated step keeps its future
"""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi if mode == "semi" else phi - c * phi2
    return w + alpha * delta * direction
