"""Leaves before the reward of the terminating step is stored.

expects: Every step has a reward, the last one too
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while not mdp.terminal[s] and len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, terminated = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        if terminated:
            break
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
