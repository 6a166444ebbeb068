"""The result is an array of 64 GiB that takes 8 bytes: a broadcast view."""

TRIES = "encoding a broadcast view would need memory without end; also a deep and a wide list"
SUCCESS = "stall"
BASE = "reference"
LOSES = ("discounted_returns", "state_dist", "J_exact")
CONTROL = "comparing such a view would only fill this machine's memory"
ANSWERS = {
    "discounted_returns": "import numpy as np\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return np.broadcast_to(0.0, (2**33,))",
    "state_dist": "def state_dist(mdp, pi, t):\n"
    "    deep = []\n"
    "    for _ in range(10**6):\n"
    "        deep = [deep]\n"
    "    return deep",
    "J_exact": "def J_exact(mdp, pi):\n    wide = [0.0] * 10**6\n    return [wide] * 10**6",
}
