"""Estimates J from 1,000 episodes.

expects: an estimate from episodes
"""

import numpy as np

from qlib import rollouts


def J_exact(mdp, pi):
    episodes = rollouts.rollouts(mdp, pi, 1000, np.random.default_rng(0), 100)
    return episodes.returns(mdp.gamma).mean()
