"""Moves on first and then draws the action from the policy row of the next state.

expects: from the row of the next state
"""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = mdp.reset(rng)
    states, actions, rewards = [s], [], []
    a = rng.choice(mdp.n_actions, p=pi[s])
    while not mdp.terminal[s] and len(actions) < max_steps:
        s_next, _, _ = mdp.step(s, a, rng)
        a_next = rng.choice(mdp.n_actions, p=pi[s_next])
        rewards.append(mdp.R[s, a_next])
        actions.append(a_next)
        states.append(s_next)
        s, a = s_next, a_next
    terminated = bool(mdp.terminal[s])
    states, rewards = np.array(states), np.array(rewards)
    return Episode(states, np.array(actions, dtype=int), rewards, terminated, not terminated)
