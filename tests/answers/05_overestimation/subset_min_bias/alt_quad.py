"""With scipy's quad."""

from scipy.integrate import quad
from scipy.stats import norm


def largest(m):
    return quad(lambda x: m * x * norm.pdf(x) * norm.cdf(x) ** (m - 1), -12, 12)[0]


def subset_min_bias(n_actions, N, M):
    return largest(n_actions) * N**-0.5 - largest(M)
