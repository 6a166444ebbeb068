"""A masked array: all of its comparisons are masked, and masked counts as true."""

TRIES = "np.ma.masked arrays and np.ma.masked itself"
SUCCESS = "points"
ANSWERS = {
    "*": "import numpy as np\n\n\n"
    "def @NAME@(r=0.0, *args, **kwargs):\n"
    "    return np.ma.masked_all(np.shape(getattr(r, 'rho0', r)))",
    "J_exact": "import numpy as np\n\n\ndef J_exact(*args, **kwargs):\n    return np.ma.masked",
}
