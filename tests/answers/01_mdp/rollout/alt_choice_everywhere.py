"""Draws everything with `rng.choice` from the arrays; states are np.int64."""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    s = rng.choice(mdp.n_states, p=mdp.rho0)
    states, actions, rewards = [s], [], []
    for _ in range(max_steps):
        if mdp.terminal[s]:
            break
        a = rng.choice(mdp.n_actions, p=pi[s])
        rewards.append(mdp.R[s, a])
        s = rng.choice(mdp.n_states, p=mdp.P[s, a])
        states.append(s)
        actions.append(a)
    end = mdp.terminal[s]
    return Episode(np.array(states), np.array(actions), np.array(rewards), end, ~end)
