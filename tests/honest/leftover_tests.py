"""Calls, asserts and prints left in the answer cells, one of them failing after the function."""

ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n"
    "    return sum(gamma**t * x for t, x in enumerate(r))\n\n\n"
    "print(fix_1([1, 2, 3], 0.5))\n"
    "assert fix_1([], 0.5) == 0\n"
    "check('fix_1', fix_1)\n"
    "assert fix_1([1.0], 0.5) == 2, 'I do not understand this'",
}
