"""Recursion, memoised and not, deeper than usual."""

CELL = r"""
import sys

sys.setrecursionlimit(20_000)
"""
ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n"
    "    return float(r[0]) + gamma * fix_1(r[1:], gamma) if len(r) else 0.0",
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    if len(r) == 0:\n"
    "        return []\n"
    "    if len(r) == 1:\n"
    "        return [r[0] + gamma * last_value]\n"
    "    rest = discounted_returns(r[1:], gamma, last_value)\n"
    "    return [r[0] + gamma * rest[0], *rest]",
}
