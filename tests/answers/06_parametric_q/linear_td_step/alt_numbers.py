"""Plain Python numbers, one weight after the other."""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = gamma * (not term)
    rows = list(zip(map(float, w), map(float, phi), map(float, phi2), strict=True))
    delta = r + sum(weight * (c * there - here) for weight, here, there in rows)
    back = c if mode == "residual" else 0.0
    return [weight + alpha * delta * (here - back * there) for weight, here, there in rows]
