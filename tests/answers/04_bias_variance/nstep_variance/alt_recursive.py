"""A function that calls itself for the moments."""


def nstep_variance(P, r, sigma, V, gamma, n):
    def moments(k):
        if k == 0:
            return V, V**2
        m, u = moments(k - 1)
        Pm = P @ m
        return r + gamma * Pm, sigma**2 + (r**2 + 2 * gamma * r * Pm) + gamma**2 * P @ u

    mean, square = moments(n)
    return square - mean**2
