"""Arguments and helpers have other names; functions are partial objects and lambdas."""

CELL = r"""
from functools import partial


def total(weights, gamma_, offset=0):
    return offset + sum(gamma_**k * w for k, w in enumerate(weights))
"""
ANSWERS = {
    "fix_1": "fix_1 = partial(total, offset=0)",
    "fix_3": "fix_3 = lambda rewards, g: sum(total(x, g) for x in rewards) / len(rewards)",
}
