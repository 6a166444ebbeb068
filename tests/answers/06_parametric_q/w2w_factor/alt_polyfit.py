"""The vertex of the parabola through three points."""


def w2w_factor(gamma, eps):
    def loss(x):
        return (x - 2 * gamma) ** 2 + (2 * x - 2 * gamma * (1 - eps)) ** 2

    a, b, c = loss(-1.0), loss(0.0), loss(1.0)
    return (a - c) / (2 * (a - 2 * b + c))
