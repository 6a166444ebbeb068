"""Draws with the Gumbel trick, all zero probabilities included."""

import numpy as np

from qlib import Episode


def rollout(mdp, pi, rng, max_steps):
    def draw(p):
        with np.errstate(divide="ignore"):
            return int(np.argmax(np.log(p) + rng.gumbel(size=len(p))))

    states, actions, rewards = [draw(mdp.rho0)], [], []
    while not mdp.terminal[states[-1]] and len(actions) < max_steps:
        s = states[-1]
        a = draw(pi[s])
        actions.append(a)
        rewards.append(mdp.R[s, a])
        states.append(draw(mdp.P[s, a]))
    terminated = mdp.terminal[states[-1]]
    states, actions, rewards = (np.array(values) for values in (states, actions, rewards))
    return Episode(states, actions, rewards, terminated, not terminated)
