"""The graded functions themselves print, warn, log and show a progress bar."""

ANSWERS = {
    "fix_1": "import logging\nimport sys\nimport warnings\n\n\n"
    "def fix_1(r, gamma):\n"
    "    print('called with', len(r))\n"
    "    warnings.warn('deprecated')\n"
    "    logging.warning('a log')\n"
    "    print('progress 100 %', file=sys.stderr)\n"
    "    display(r)\n"
    "    return sum(gamma**t * x for t, x in enumerate(r))",
    "discounted_returns": "import numpy as np\n\n\n"
    "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    np.log(np.zeros(1))\n"
    "    out, g = np.zeros(len(r)), last_value\n"
    "    for t in reversed(range(len(r))):\n"
    "        g = r[t] + gamma * g\n"
    "        out[t] = g\n"
    "    return out",
}
