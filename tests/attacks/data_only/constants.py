"""Constants: False, zeros and empty episodes, in the hope of checks that a constant passes."""

TRIES = "constant answers of the right shape and dtype"
SUCCESS = "points"
CELL = r"""
import numpy as np
"""
ANSWERS = {
    "is_valid_mdp": "def is_valid_mdp(P, R, terminal):\n    return False",
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return np.zeros(len(r))",
    "state_dist": "def state_dist(mdp, pi, t):\n    return np.full(len(pi), 1 / len(pi))",
    "J_exact": "def J_exact(mdp, pi):\n    return 0.0",
    "J_mc": "def J_mc(mdp, pi, n, rng):\n    return 0.0, 0.0",
    "fix_1": "def fix_1(r, gamma):\n    return 0.0",
    "fix_2": "def fix_2(r, gamma):\n    return 0.0",
    "fix_3": "def fix_3(r, gamma):\n    return 0.0",
    "fix_4": "def fix_4(r, gamma):\n    return 0.0",
}
