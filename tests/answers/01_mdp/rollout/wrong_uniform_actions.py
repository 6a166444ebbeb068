"""Ignores the policy.

expects: Is the policy ignored
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = int(rng.integers(mdp.n_actions))
        s, r, _ = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
