"""Infinities: inf - inf is NaN, and inf <= inf."""

TRIES = "inf in place of numbers, -inf in place of bounds"
SUCCESS = "points"
ANSWERS = {
    "*": "import numpy as np\n\n\n"
    "def @NAME@(r=0.0, *args, **kwargs):\n"
    "    return np.full(np.shape(getattr(r, 'rho0', r)), np.inf)",
    "J_mc": "def J_mc(*args, **kwargs):\n    return float('inf'), float('inf')",
    "J_exact": "def J_exact(*args, **kwargs):\n    return float('inf')",
}
