"""Classes, dataclasses, decorators and a cache around the answers."""

CELL = r"""
from dataclasses import dataclass
from functools import lru_cache, wraps


def logged(function):
    calls = []

    @wraps(function)
    def wrapper(*args, **kwargs):
        calls.append(len(args))
        return function(*args, **kwargs)

    wrapper.calls = calls
    return wrapper


@dataclass
class Discount:
    gamma: float

    @lru_cache(maxsize=None)
    def weight(self, t):
        return self.gamma**t

    def __hash__(self):
        return hash(self.gamma)


class Returns:
    def __call__(self, r, gamma, last_value=0.0):
        out, g = [], last_value
        for x in reversed(r):
            g = x + gamma * g
            out.append(g)
        return out[::-1]
"""
ANSWERS = {
    "discounted_returns": "discounted_returns = logged(Returns())",
    "fix_1": "@logged\n"
    "def fix_1(r, gamma):\n"
    "    discount = Discount(gamma)\n"
    "    return sum(discount.weight(t) * x for t, x in enumerate(r))",
}
