"""Zero features for terminated rows."""

from scipy.linalg import lstsq


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    Phi2 = Phi2 * ~term[:, None]
    w, out = w0, [w0]
    for _ in range(n):
        w = lstsq(Phi, r + gamma * Phi2 @ w)[0]
        out.append(w)
    return out
