"""Draws with `rng.multinomial`; integer types as they come, float32 rewards are avoided."""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    def draw(p):
        return int(rng.multinomial(1, p).argmax())

    s = draw(mdp.rho0)
    path, done = [s], bool(mdp.terminal[s])
    actions, rewards = [], []
    while not done and len(rewards) != max_steps:
        a = draw(pi[s])
        rewards.append(float(mdp.R[s, a]))
        s = draw(mdp.P[s, a])
        path.append(s)
        actions.append(a)
        done = bool(mdp.terminal[s])
    return Episode(np.int32(path), np.int32(actions), np.array(rewards), done, not done)
