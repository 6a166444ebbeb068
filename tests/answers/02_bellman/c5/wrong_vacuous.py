"""Adds 100 to the right side.

expects: certifies nothing
"""

from qlib import solve


def c5(mdp, pi):
    old = solve.policy_evaluation(mdp, pi)
    return old.V, solve.policy_evaluation(mdp, old.Q.argmax(axis=1)).V + 100
