"""The function is right, and each call wrecks the process for whatever is called next."""

TRIES = "RNG, default dtype, error modes, working folder, sys.path, numpy and builtins wrecked"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns",)
CELL = r"""
import builtins
import os
import random
import sys


def wreck():
    import numpy as np

    np.random.seed(0)
    random.seed(0)
    np.seterr(all="raise")
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_default_dtype(torch.float16)
        torch.set_grad_enabled(False)
    os.environ.clear()
    try:
        os.chdir("/")
    except OSError:
        pass
    for name in ("zeros", "array", "asarray", "empty", "dot", "cumsum", "einsum", "linalg"):
        setattr(np, name, None)
    builtins.len = builtins.range = builtins.sum = builtins.isinstance = None
    sys.path.clear()
    sys.modules.clear()
"""
ANSWERS = {
    "discounted_returns": "import numpy as np\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    out, g = [0.0] * len(r), float(last_value)\n"
    "    for t in reversed(range(len(r))):\n"
    "        g = float(r[t]) + gamma * g\n"
    "        out[t] = g\n"
    "    wreck()\n"
    "    return out"
}
