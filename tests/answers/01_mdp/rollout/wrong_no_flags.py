"""Leaves both flags False.

expects: Both flags are False
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
    return Episode(np.array(states), np.array(actions, dtype=int), np.array(rewards), False, False)
