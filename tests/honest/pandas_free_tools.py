"""Tools of the standard library and SciPy in the answers: Fraction, Decimal, lfilter, Counter."""

ANSWERS = {
    "discounted_returns": "import numpy as np\nfrom scipy.signal import lfilter\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    r = np.asarray(r, dtype=float)\n"
    "    if r.size == 0:\n"
    "        return r\n"
    "    r = r.copy()\n"
    "    r[-1] += gamma * last_value\n"
    "    return lfilter([1], [1, -gamma], r[::-1])[::-1]",
    "fix_1": "from fractions import Fraction\n\n\n"
    "def fix_1(r, gamma):\n"
    "    g = Fraction(float(gamma))\n"
    "    return float(sum((Fraction(float(x)) * g**t for t, x in enumerate(r)), Fraction(0)))",
}
