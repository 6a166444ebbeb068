"""Draws the next action before the state is updated, so from the row of the state before.

expects: from the row of the state before
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    a = rng.choice(mdp.n_actions, p=pi[s])
    while not mdp.terminal[s] and len(actions) < max_steps:
        s_next, r, _ = mdp.step(s, a, rng)
        actions.append(a)
        rewards.append(r)
        states.append(s_next)
        a = rng.choice(mdp.n_actions, p=pi[s])
        s = s_next
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
