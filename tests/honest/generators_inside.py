"""Generators, itertools and comprehensions inside the answers."""

ANSWERS = {
    "discounted_returns": "from itertools import accumulate\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    def back():\n"
    "        g = last_value\n"
    "        for x in reversed(r):\n"
    "            g = x + gamma * g\n"
    "            yield g\n\n"
    "    return list(back())[::-1]",
    "fix_1": "from itertools import count\n\n\n"
    "def fix_1(r, gamma):\n"
    "    return sum(x * w for x, w in zip(r, (gamma**t for t in count())))",
}
