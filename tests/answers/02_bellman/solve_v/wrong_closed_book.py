"""Calls the finished version.

expects: finished version
"""

from qlib import solve


def solve_v(mdp, pi):
    return solve.policy_evaluation(mdp, pi).V
