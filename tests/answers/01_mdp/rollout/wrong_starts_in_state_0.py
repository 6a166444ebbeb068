"""Starts every episode in state 0.

expects: The first state is not drawn from rho0
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = 0
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, _ = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
