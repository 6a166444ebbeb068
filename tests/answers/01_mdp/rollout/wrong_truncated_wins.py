"""Calls a termination in the last allowed step a truncation.

expects: Reaching it with the last allowed step is a termination
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
    truncated = len(actions) == max_steps
    terminated = not truncated
    actions = np.array(actions, dtype=int)
    return Episode(np.array(states), actions, np.array(rewards), terminated, truncated)
