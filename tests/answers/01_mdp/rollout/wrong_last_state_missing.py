"""Stores the state before each step and forgets the one at the end.

expects: T steps pass through T + 1 states
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, _ = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states[:-1], dtype=int), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
