"""Greedy for the advantage: the same actions."""

import numpy as np

from qlib import solve


def c5(mdp, pi):
    old = solve.policy_evaluation(mdp, pi)
    gain = old.Q - old.V[:, None]
    return np.stack([old.V, solve.policy_evaluation(mdp, gain.argmax(axis=1)).V]).tolist()
