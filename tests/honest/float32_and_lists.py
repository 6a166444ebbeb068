"""Results as float32, as lists, as tuples, as 0-d arrays and as NumPy scalars."""

ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    out, g = [], last_value\n"
    "    for x in list(r)[::-1]:\n"
    "        g = x + gamma * g\n"
    "        out.insert(0, g)\n"
    "    return tuple(out)",
    "fix_1": "import numpy as np\n\n\n"
    "def fix_1(r, gamma):\n"
    "    return np.array(sum(gamma**t * x for t, x in enumerate(r)))",
    "fix_3": "import numpy as np\n\n\n"
    "def fix_3(r, gamma):\n"
    "    return np.float64(np.mean([sum(gamma**t * x for t, x in enumerate(row)) for row in r]))",
}
