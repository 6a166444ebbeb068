"""Averages rewards over all steps.

expects: This is an average over steps
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    r = rollouts(mdp, pi, n, rng, T).r
    return r.mean(), r.std(ddof=1) / np.sqrt(len(r))
