"""Subtracts from the features of the caller in place.

expects: The features of the state handed in are changed
"""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = 0.0 if term else gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi
    if mode == "residual":
        direction -= c * phi2
    return w + alpha * delta * direction
