"""Entry by entry, as a list."""


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    c = gamma * (1 - int(term))
    now = sum(a * b for a, b in zip(phi, w, strict=True))
    later = sum(a * b for a, b in zip(phi2, w, strict=True))
    delta = r + c * later - now
    back = c if mode == "residual" else 0.0
    return [w[i] + alpha * delta * (phi[i] - back * phi2[i]) for i in range(len(w))]
