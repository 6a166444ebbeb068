"""Row by row, a list of numbers."""

import math


def soft_v(Q, alpha):
    values = []
    for row in Q.tolist():
        top = max(row)
        values.append(top + alpha * math.log(sum(math.exp((q - top) / alpha) for q in row)))
    return values
