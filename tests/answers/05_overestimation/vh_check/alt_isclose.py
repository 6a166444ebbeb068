"""math.isclose with a relative tolerance."""

import math


def vh_check(err):
    m, top = len(err), max(err)
    size = math.sqrt(sum(x * x for x in err) / m)
    if abs(sum(err)) > 1e-7 * size:
        return False
    return math.isclose(top, size / math.sqrt(m - 1), rel_tol=1e-7)
