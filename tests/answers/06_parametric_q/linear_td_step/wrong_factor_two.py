"""Twice the step.

expects: The step is twice as large
"""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = 0.0 if term else gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi if mode == "semi" else phi - c * phi2
    return w + 2 * alpha * delta * direction
