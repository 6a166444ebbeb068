"""Changes the weights of the caller.

expects: an in-place operation
"""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = 0.0 if term else gamma
    delta = r + c * (phi2 @ w) - phi @ w
    direction = phi if mode == "semi" else phi - c * phi2
    w += alpha * delta * direction
    return w
