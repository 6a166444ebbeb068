"""Calls the finished estimate of qlib.

expects: finished version
"""

from qlib import rollouts


def J_mc(mdp, pi, n, rng):
    return rollouts.estimate_return(mdp, pi, n, rng)
