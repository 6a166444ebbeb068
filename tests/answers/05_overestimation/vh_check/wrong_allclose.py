"""allclose, whose absolute tolerance accepts all tiny errors.

expects: tolerance has to grow with them
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err)
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(
        np.isclose(e.sum() / len(e) ** 0.5, 0, atol=1e-8 * (1 + abs(e).max()))
        and np.isclose(e.max(), b)
    )
