"""Returns the optimal values.

expects: optimal values
"""

from qlib import solve


def solve_v(mdp, pi):
    return solve.policy_iteration(mdp).V
