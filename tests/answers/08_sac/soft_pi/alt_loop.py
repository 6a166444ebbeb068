"""Row by row, lists."""

import math


def soft_pi(Q, alpha):
    rows = []
    for row in Q.tolist():
        z = [math.exp((q - max(row)) / alpha) for q in row]
        rows.append([x / sum(z) for x in z])
    return rows
