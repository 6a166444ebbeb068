"""Imports inside functions, star imports, an import below its first use in the text."""

CELL = r"""
from math import *
from qlib import ToDo, check
import numpy, scipy.signal as signal
"""
ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n"
    "    import numpy.polynomial as poly\n"
    "    return float(poly.polynomial.polyval(gamma, r)) if len(r) else 0.0",
}
