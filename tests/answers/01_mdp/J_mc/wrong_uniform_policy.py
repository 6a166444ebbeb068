"""Simulates another policy than the one asked for.

expects: standard error
"""

import math

import numpy as np

from qlib.rollouts import rollouts


def J_mc(mdp, pi, n, rng):
    T = math.ceil(math.log(1e-6) / math.log(mdp.gamma)) if mdp.gamma > 0 else 1
    pi = np.eye(mdp.n_actions)[rng.integers(mdp.n_actions, size=mdp.n_states)]
    s0 = int(mdp.rho0.argmax())
    G = rollouts(mdp, pi, n, rng, T, s0=s0).returns(mdp.gamma)
    return G.mean(), 2.0 * G.std(ddof=1) / np.sqrt(n)
