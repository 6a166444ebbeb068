"""Averages quantiles."""

import numpy as np
from scipy.special import ndtri

u = (np.arange(400_000) + 0.5) / 400_000


def subset_min_bias(n_actions, N, M):
    choice = ndtri(u ** (1 / n_actions)).mean() / np.sqrt(N)
    judgement = ndtri(1 - u ** (1 / M)).mean()
    return choice + judgement
