"""Gives 0 if there is no news.

expects: If there is no news, the answer is -1
"""

import numpy as np


def read_off(Qs, s, eps):
    news = np.argmax(Qs[:, s].max(axis=1) != 0)
    policies = Qs.argmax(axis=2)
    settled = len(Qs) - 1
    while settled > 0 and (policies[settled - 1] == policies[-1]).all():
        settled -= 1
    near = np.argmax(np.abs(Qs - Qs[-1]).max(axis=(1, 2)) <= eps)
    return news, settled, near
