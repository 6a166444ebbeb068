"""Returns the old values twice.

expects: Nothing was improved
"""

from qlib import solve


def c5(mdp, pi):
    old = solve.policy_evaluation(mdp, pi)
    return old.V, old.V
