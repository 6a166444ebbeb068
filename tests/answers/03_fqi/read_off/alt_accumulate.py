"""Walks backwards with accumulate; a generator for each first."""

import numpy as np


def read_off(Qs, s, eps):
    n = len(Qs) - 1
    news = next((k for k in range(n + 1) if np.max(Qs[k, s]) != 0), -1)
    same = (np.argmax(Qs, axis=-1) == np.argmax(Qs[n], axis=-1)).all(axis=-1)
    stays = np.logical_and.accumulate(same[::-1])[::-1]
    near = next(k for k in range(n + 1) if np.max(np.abs(Qs[k] - Qs[n])) <= eps)
    return news, n + 1 - int(stays.sum()), near
