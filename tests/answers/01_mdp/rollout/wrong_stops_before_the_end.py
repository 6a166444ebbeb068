"""Leaves the loop when the next state is terminal, without storing that step.

expects: before the step limit
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    while len(actions) < max_steps:
        a = rng.choice(mdp.n_actions, p=pi[s])
        s_next, r, terminated = mdp.step(s, a, rng)
        if terminated:
            break
        s = s_next
        states.append(s)
        actions.append(a)
        rewards.append(r)
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
