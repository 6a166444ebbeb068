"""Calls the finished rollout of qlib.

expects: finished version
"""

from qlib import rollouts


def rollout(mdp, pi, rng, max_steps):
    return rollouts.rollout(mdp, pi, rng, max_steps)
