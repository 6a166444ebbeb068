"""Takes a first step without looking at the first state.

expects: The state has to be looked at before the first step
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s, r, terminated = mdp.step(s, a, rng)
        states.append(s)
        actions.append(a)
        rewards.append(r)
        if terminated:
            break
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
