"""In-place work on arrays of the student's own, and on copies of the arguments."""

ANSWERS = {
    "discounted_returns": "import numpy as np\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    g = np.array(r, dtype=float)\n"
    "    if len(g):\n"
    "        g[-1] += gamma * last_value\n"
    "    for t in range(len(g) - 2, -1, -1):\n"
    "        g[t] += gamma * g[t + 1]\n"
    "    return g",
}
