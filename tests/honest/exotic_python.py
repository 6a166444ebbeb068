"""match, walrus, f-strings, type annotations, star expressions, nested functions, globals."""

CELL = r"""
from __future__ import annotations

from typing import TypeAlias

Numbers: TypeAlias = "list[float]"
COUNT: int = 0
"""
ANSWERS = {
    "fix_1": "def fix_1(r: Numbers, gamma: float, *rest: Numbers, **more: Numbers) -> float:\n"
    "    global COUNT\n"
    "    COUNT += 1\n"
    "    match list(r):\n"
    "        case []:\n"
    "            return 0.0\n"
    "        case [first, *others]:\n"
    "            text = f'{first=} {len(others)!r:>5}'\n"
    "            if (n := len(text)) < 0:\n"
    "                return n\n"
    "            return float(first + gamma * fix_1(others, gamma))",
}
