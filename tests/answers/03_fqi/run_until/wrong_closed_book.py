"""Lets qlib iterate.

expects: finished version
"""

from qlib import solve


def run_until(mdp, tol):
    solution = solve.value_iteration(mdp, tol / 2, stopping="sup")
    return solution.Q, solution.sweeps
