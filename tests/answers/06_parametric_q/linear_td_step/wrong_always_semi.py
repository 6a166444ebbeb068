"""The second term is missing.

expects: This is the semi-gradient
"""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = 0.0 if term else gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi
    return w + alpha * delta * direction
