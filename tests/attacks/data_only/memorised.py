"""The values of the visible checks by heart, and constants for everything else."""

TRIES = "hard-coded answers to the hand values that the notebook shows"
SUCCESS = "points"
CELL = r"""
import numpy as np
"""
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return np.array([2.75, 3.5, 3.0])",
    "state_dist": "def state_dist(mdp, pi, t):\n    return mdp.rho0",
    "J_exact": "def J_exact(mdp, pi):\n    return 0.0",
    "J_mc": "def J_mc(mdp, pi, n, rng):\n    return 0.0, 0.0",
}
# With t = 0 the start distribution is right, but it may not be worth points by itself.
